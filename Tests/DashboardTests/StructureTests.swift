import Dashboard
import Domain
import Foundation
import Testing

@Suite("Every page is whole for keyboards, screen readers and a strict policy")
struct StructureTests {
    private func count(_ pattern: String, _ html: String) throws -> Int { html.matches(of: try Regex(pattern)).count }

    @Test("one main, one first heading, a skip link, a language and a title") func landmarks() throws {
        for page in try Gallery.pages("plain") {
            #expect(try count("<main ", page.html) == 1, "\(page.name)")
            #expect(try count("<h1[ >]", page.html) == 1, "\(page.name)")
            #expect(page.html.contains("<a class=\"skip\" href=\"#main\">"), "\(page.name)")
            #expect(page.html.contains("<html lang=\"en\">"))
            #expect(page.html.contains("<title>plain · Ballast</title>"))
        }
    }

    @Test("ids stand once, and what refers to one finds it") func ids() throws {
        let reference = try Regex(
            "(?:aria-labelledby|aria-describedby|for)=\"([^\"]+)\"", as: (Substring, Substring).self)
        let id = try Regex(" id=\"([^\"]+)\"", as: (Substring, Substring).self)
        for page in try Gallery.pages("plain") {
            let ids = page.html.matches(of: id).map { String($0.output.1) }
            #expect(ids.count == Set(ids).count, "\(page.name): \(ids.sorted())")
            for match in page.html.matches(of: reference) {
                for word in match.output.1.split(separator: " ") {
                    #expect(ids.contains(String(word)), "\(page.name): \(word)")
                }
            }
        }
    }

    @Test("every table has a caption and its heads a scope; every field a label; every drawing a text") func names()
        throws
    {
        for page in try Gallery.pages("plain") {
            #expect(try count("<table", page.html) == count("<caption", page.html), "\(page.name)")
            #expect(try count("<th[ >]", page.html) == count("<th [^>]*scope=", page.html), "\(page.name)")
            // What nobody sees is no field for a person.
            let fields =
                try count("<input (?![^>]*(type=\"hidden\"| hidden>))", page.html) + count("<select ", page.html)
            #expect(try fields == count("<label for=", page.html), "\(page.name)")
            let drawings = try count("<svg (?![^>]*aria-hidden)", page.html)
            #expect(try drawings == count("<svg [^>]*role=\"img\" aria-label=\"[^\"]+\"", page.html), "\(page.name)")
        }
    }

    @Test("nothing is inline that the policy forbids, and nothing comes from elsewhere") func policy() throws {
        for page in try Gallery.pages("plain") {
            #expect(try count(" style=", page.html) == 0, "\(page.name)")
            #expect(try count("<style", page.html) == 0, "\(page.name)")
            #expect(try count("<[^>]* on[a-z]+=", page.html) == 0, "\(page.name)")
            #expect(try count("<script", page.html) == count("<script src=\"/assets/", page.html), "\(page.name)")
            #expect(try count("(?:src|href|action)=\"(?:https?:|//)", page.html) == 0, "\(page.name)")
        }
        for asset in Assets.all {
            let text = asset.body.replacing("http://www.w3.org/2000/svg", with: "")
            #expect(!text.contains("//") || asset.path.hasSuffix(".js"), "\(asset.path)")
            #expect(!text.contains("http"), "\(asset.path)")
            #expect(!text.contains("@import") && !text.contains("url("), "\(asset.path)")
        }
    }

    @Test("every value that a template names is a member of its view") func members() throws {
        // A misspelt name renders nothing: where the sample says "marker", so must the page, as often as it is given.
        for page in try Gallery.pages("marker") where page.name != "filtered" {
            #expect(page.html.contains("marker"), "\(page.name)")
            #expect(!page.html.contains("{{"), "\(page.name)")
            #expect(try count("class=\"(?:face )? ?\"", page.html) == 0, "\(page.name)")
            #expect(try count("<use href=\"#s-\"", page.html) == 0, "\(page.name)")
            #expect(try count("(?:href|datetime)=\"\"(?! data-ago=\"\">marker)", page.html) == 0, "\(page.name)")
        }
    }

    @Test("the same data gives the same revision, other data another") func revisions() throws {
        let pages = try Pages()
        func revision(_ message: String, _ now: Timestamp) -> String {
            var fleet = FleetSnapshot()
            fleet.bots = [FleetBot(Sample.record(message: message))]
            let view = FleetView(fleet, query: FleetQuery())
            return pages.page(.fleet(view), Chrome(title: "x", section: .fleet, who: nil, now: now)).revision
        }
        #expect(revision("a", Sample.at(0)) == revision("a", Sample.at(100)))
        #expect(revision("a", Sample.at(0)) != revision("b", Sample.at(0)))
    }
}
