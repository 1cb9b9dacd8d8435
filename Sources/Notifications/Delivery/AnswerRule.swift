package import Domain
package import Exchange

/// What an answer means for its delivery (`product/reporting.md`, Delivery).
package enum AnswerRule {
    /// Of what a receiver says; kept for the dead letter.
    package static let maxAnswerCharacters = 1024
    /// Bytes that are looked at for these characters, so that secrets are found whole.
    static let maxReadBytes = 8192

    /// Only 2xx is success; what repeating will hardly cure is `refused`; 410 wants nothing more.
    package static func judge(_ answer: HTTPAnswer, at wall: Timestamp) -> DeliveryAnswer {
        let text = text(of: answer)
        return switch answer.status {
        case 200...299: .delivered(status: answer.status)
        case 410: .gone(answer: text)
        case 408, 409, 425, 429: .failed(answer: text, retryAfter: answer.retryAfter(wall: wall))
        case 400...499: .refused(status: answer.status, answer: text)
        default: .failed(answer: text, retryAfter: answer.retryAfter(wall: wall))
        }
    }

    /// As it came: it is cleaned of secrets before anybody keeps it.
    package static func text(of answer: HTTPAnswer) -> String {
        let said = String(decoding: answer.body.prefix(maxReadBytes), as: UTF8.self)
        return said.isEmpty ? "status \(answer.status)" : "status \(answer.status): \(said)"
    }
}

extension DeliveryAnswer {
    /// Fit to be stored: without secrets, cut.
    func cleaned(of secrets: [String]) -> DeliveryAnswer {
        func clean(_ text: String) -> String {
            UntrustedText.cleaned(text, secrets: secrets, maxCharacters: AnswerRule.maxAnswerCharacters)
        }
        return switch self {
        case .delivered: self
        case .gone(let text): .gone(answer: clean(text))
        case .refused(let status, let text): .refused(status: status, answer: clean(text))
        case .failed(let text, let retryAfter): .failed(answer: clean(text), retryAfter: retryAfter)
        }
    }
}
