package import Domain
import Foundation
import Synchronization

/// The machine's time zone data, through Foundation.
package final class SystemTimeZones: TimeZones {
    /// Zones once found; names come from manifests, so that only known ones are kept.
    private let known = Mutex<[String: TimeZone]>([:])

    package init() {}

    package func exists(_ name: String) -> Bool { zone(name) != nil }

    package func offsetSeconds(of zone: String, at time: Timestamp) -> Int {
        guard let zone = self.zone(zone) else { return 0 }
        return zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time.milliseconds) / 1000))
    }

    private func zone(_ name: String) -> TimeZone? {
        known.withLock { known in
            if let zone = known[name] { return zone }
            // Foundation also takes abbreviations such as CEST, whose meaning is disputed.
            let isIANA = name == "UTC" || name.contains("/") || TimeZone.knownTimeZoneIdentifiers.contains(name)
            guard isIANA, !name.hasPrefix("/"), !name.contains(".."), let zone = TimeZone(identifier: name) else {
                return nil
            }
            known[name] = zone
            return zone
        }
    }
}
