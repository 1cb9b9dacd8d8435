import Domain

/// Decides at each occasion whether something goes wrong there: drawn from the seed, or from a list that was made of an
/// earlier run, so that single faults can be left out.
package struct FaultPlan: Sendable {
    package struct Site: Hashable, Comparable, Sendable {
        package var place: FaultPlace
        package var number: Int

        package init(_ place: FaultPlace, _ number: Int) {
            self.place = place
            self.number = number
        }

        package static func < (one: Site, other: Site) -> Bool {
            (one.place.rawValue, one.number) < (other.place.rawValue, other.number)
        }
    }

    package typealias List = [Site: Fault]

    private let list: List?
    private let seed: UInt64
    /// By place, the kinds that may happen with the upper bounds of their shares of 0..<1.
    private let bounds: [FaultPlace: [(bound: Double, kind: FaultKind)]]
    private var counts: [FaultPlace: Int] = [:]
    /// What did happen.
    package private(set) var used: List = [:]
    package var isOver = false

    /// - Parameter list: nil: drawn.
    package init(seed: UInt64, rates: FaultRates, list: List? = nil) {
        self.seed = seed
        self.list = list
        var bounds: [FaultPlace: [(bound: Double, kind: FaultKind)]] = [:]
        for place in FaultPlace.allCases {
            var sum = 0.0
            for kind in place.kinds {
                guard let rate = rates.rates[kind], rate > 0 else { continue }
                sum += rate
                bounds[place, default: []].append((sum, kind))
            }
        }
        self.bounds = bounds
    }

    /// - Parameter fits: whether a kind means anything on this occasion; what does not fit does not happen.
    package mutating func next(_ place: FaultPlace, where fits: (FaultKind) -> Bool = { _ in true }) -> Fault? {
        if isOver { return nil }
        let number = counts[place, default: 0] + 1
        counts[place] = number
        let site = Site(place, number)
        guard let fault = list == nil ? drawn(site) : list?[site], fits(fault.kind) else { return nil }
        used[site] = fault
        return fault
    }

    private func drawn(_ site: Site) -> Fault? {
        guard let bounds = bounds[site.place], let last = bounds.last else { return nil }
        let place = UInt64(FaultPlace.allCases.firstIndex(of: site.place) ?? 0)
        var random = SeededRandom(seed: seed ^ (place &* 0xD6E8_FEB8_6659_FD93) ^ (UInt64(site.number) &* 0xA24B_AED4))
        let fraction = random.fraction()
        guard fraction < last.bound, let found = bounds.first(where: { fraction < $0.bound }) else { return nil }
        return Fault(found.kind, amount: random.next())
    }
}
