extension Span {
    /// With the two largest units that it has, for people: `1d4h`, `1h12m`, `2m58s`, `9s500ms`.
    package var rounded: Span {
        let unit: Int64 =
            switch milliseconds {
            case 86_400_000...: 3_600_000
            case 3_600_000...: 60_000
            case 10_000...: 1000
            default: 1
            }
        return Span(milliseconds: milliseconds - milliseconds % unit)
    }
}
