import Dashboard
import HTTPTypes
import Hummingbird
import NIOCore

/// A page as it is sent: kept by nobody, framed by nobody, loading nothing but our own.
enum PageResponse {
    /// No inline script or style, nothing from elsewhere, forms to us alone.
    static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    /// Assets carry a digest in their address.
    static let assetLifetimeSeconds = 31_536_000

    static func make(_ page: Pages.Page, status: HTTPResponse.Status = .ok, known: String? = nil) -> Response {
        var headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
            .contentSecurityPolicy: policy, .eTag: "\"\(page.revision)\"",
        ]
        headers[.crossOriginOpenerPolicy] = "same-origin"
        headers[.crossOriginResourcePolicy] = "same-origin"
        headers[.vary] = "Cookie, Authorization"
        if status == .ok, known == headers[.eTag] {
            headers[.contentType] = nil
            return Response(status: .notModified, headers: headers)
        }
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: page.html)))
    }

    static func make(_ asset: Assets.Asset) -> Response {
        var headers: HTTPFields = [
            .contentType: asset.type, .cacheControl: "public, max-age=\(assetLifetimeSeconds), immutable",
            .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'",
        ]
        headers[.crossOriginResourcePolicy] = "same-origin"
        return Response(
            status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: asset.body)))
    }
}

extension HTTPField.Name {
    static let crossOriginOpenerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy") ?? .eTag
    static let crossOriginResourcePolicy = HTTPField.Name("Cross-Origin-Resource-Policy") ?? .eTag
    static let forwarded = HTTPField.Name("Forwarded") ?? .eTag
    static let forwardedProto = HTTPField.Name("X-Forwarded-Proto") ?? .eTag
    static let fetchSite = HTTPField.Name("Sec-Fetch-Site") ?? .eTag
}
