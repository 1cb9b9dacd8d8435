/// An optional part that is kept on the heap, so that what holds it stays small and is copied for the price of one reference;
/// ten thousand bots are looked through on every pass. A value all the same, and stored as if it stood there itself.
@propertyWrapper
package struct Boxed<Wrapped: Sendable>: Sendable {
    private final class Place: Sendable {
        let value: Wrapped
        init(_ value: Wrapped) { self.value = value }
    }

    private var place: Place?

    package init(wrappedValue: Wrapped?) { place = wrappedValue.map(Place.init) }

    package var wrappedValue: Wrapped? {
        get { place?.value }
        set { place = newValue.map(Place.init) }
    }

    /// Without a copy of what is there.
    var isEmpty: Bool { place == nil }
}

extension Boxed: Equatable where Wrapped: Equatable {
    package static func == (one: Boxed, other: Boxed) -> Bool {
        one.place === other.place || one.wrappedValue == other.wrappedValue
    }
}

extension Boxed: Hashable where Wrapped: Hashable {
    package func hash(into hasher: inout Hasher) { hasher.combine(wrappedValue) }
}

extension Boxed: Encodable where Wrapped: Encodable {
    package func encode(to encoder: any Encoder) throws { try wrappedValue.encode(to: encoder) }
}

extension Boxed: Decodable where Wrapped: Decodable {
    package init(from decoder: any Decoder) throws { self.init(wrappedValue: try Wrapped?(from: decoder)) }
}

extension KeyedEncodingContainer {
    /// As an optional member: left out where there is nothing.
    mutating func encode<Wrapped: Encodable>(_ boxed: Boxed<Wrapped>, forKey key: Key) throws {
        try encodeIfPresent(boxed.wrappedValue, forKey: key)
    }
}

extension KeyedDecodingContainer {
    func decode<Wrapped: Decodable>(_ type: Boxed<Wrapped>.Type, forKey key: Key) throws -> Boxed<Wrapped> {
        Boxed(wrappedValue: try decodeIfPresent(Wrapped.self, forKey: key))
    }
}
