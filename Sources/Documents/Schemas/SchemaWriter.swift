import Domain

/// Turns a shape into JSON Schema.
enum SchemaWriter {
    typealias Members = [(name: String, value: SchemaValue)]

    static func schema(of shape: Shape) -> Members {
        switch shape {
        case .object(let object): return self.object(object)
        case .texts(let key, let value):
            return [
                ("type", .text("object")),
                ("maxProperties", .number("\(DocumentLimits.maxEntries)")),
                (
                    "propertyNames",
                    .object([("pattern", .text(key.pattern)), ("maxLength", .number("\(key.maxCharacters)"))])
                ),
                ("additionalProperties", .object(text(value))),
            ]
        case .list(let item, let sizes):
            var members: Members = [("type", .text("array")), ("maxItems", .number("\(sizes.upperBound)"))]
            if sizes.lowerBound > 0 { members.append(("minItems", .number("\(sizes.lowerBound)"))) }
            return members + [("items", .object(schema(of: item)))]
        case .text(let rule): return text(rule)
        case .choice(let words, _): return [("enum", .list(words.flatMap(alternatives(of:))))]
        case .flag: return [("type", .text("boolean"))]
        case .integer(let range):
            return [
                ("type", .text("integer")), ("minimum", .number("\(range.lowerBound)")),
                ("maximum", .number("\(range.upperBound)")),
            ]
        case .number(let range):
            return [
                ("type", .text("number")), ("minimum", .number("\(range.lowerBound)")),
                ("maximum", .number("\(range.upperBound)")),
            ]
        case .duration: return duration
        case .size: return size
        case .schedule:
            return [
                ("type", .text("string")), ("pattern", .text(schedulePattern)),
                ("maxLength", .number("\(CronSchedule.maxTextBytes)")),
            ]
        case .secret: return secret
        case .addressOrSecret: return [("oneOf", .list([.object(text(.line)), .object(secret)]))]
        }
    }

    private static func object(_ object: ObjectShape) -> Members {
        let properties: Members = object.fields.map { field in
            (field.name, .object([("description", .text(field.note))] + schema(of: field.shape)))
        }
        var members: Members = [("type", .text("object")), ("additionalProperties", .flag(false))]
        let required = object.fields.filter(\.isRequired).map { SchemaValue.text($0.name) }
        if !required.isEmpty { members.append(("required", .list(required))) }
        members.append(("properties", .object(properties)))
        var groups = object.alternatives.map { SchemaValue.object(alternatives($0)) }
        groups += (object.cases?.rules ?? []).map { SchemaValue.object(rule($0, of: object.cases)) }
        if !groups.isEmpty { members.append(("allOf", .list(groups))) }
        let needs: Members = object.needs.map { ($0.field, .list([.text($0.other)])) }
        if !needs.isEmpty { members.append(("dependentRequired", .object(needs))) }
        return members
    }

    /// Exactly one of the names, or at most one.
    private static func alternatives(_ group: ObjectShape.Alternatives) -> Members {
        var options = group.names.map { name in SchemaValue.object([("required", .list([.text(name)]))]) }
        if group.isOptional { options.append(.object([("not", .object([("anyOf", .list(options))]))])) }
        return [("oneOf", .list(options))]
    }

    /// A word that YAML takes for a number (`0.5`) is that word all the same.
    private static func alternatives(of word: String) -> [SchemaValue] {
        Double(word) == nil ? [.text(word)] : [.text(word), .number(word)]
    }

    /// What the word in one field asks of the others.
    private static func rule(_ rule: ObjectShape.Cases.Rule, of cases: ObjectShape.Cases?) -> Members {
        guard let cases else { return [] }
        let words = SchemaValue.list(rule.words.map(SchemaValue.text))
        let absent = cases.governed.filter { !rule.fields.contains($0) }
        let needed = rule.required.map { group in
            SchemaValue.object([
                ("anyOf", .list(group.map { .object([("required", .list([.text($0)]))]) }))
            ])
        }
        return [
            (
                "if",
                .object([
                    ("required", .list([.text(cases.field)])),
                    ("properties", .object([(cases.field, .object([("enum", words)]))])),
                ])
            ),
            (
                "then",
                .object([
                    ("properties", .object(absent.map { ($0, .flag(false)) })), ("allOf", .list(needed)),
                ])
            ),
        ]
    }

    /// A text is as written, so that what YAML takes for a number or a flag is one too; nothing is not.
    private static func text(_ rule: TextRule) -> Members {
        let isTextOnly = rule.alphabet == .zone || rule.alphabet == .variable
        let types = isTextOnly ? ["string"] : ["string", "number", "boolean"]
        return [
            ("type", .list(types.map(SchemaValue.text))),
            ("minLength", .number("1")),
            ("maxLength", .number("\(rule.maxCharacters)")),
            ("pattern", .text(rule.pattern)),
        ]
    }

    private static let duration: Members = [
        ("type", .text("string")),
        ("pattern", .text("^(?=[0-9])([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$(?!\\n)")),
        ("maxLength", .number("\(Span.maxTextBytes)")),
    ]

    private static let size: Members = [
        ("type", .text("string")), ("pattern", .text("^[0-9]{1,19} ?(KiB|MiB|GiB|TiB)$(?!\\n)")),
    ]

    private static let secret: Members = [
        ("type", .text("object")),
        ("additionalProperties", .flag(false)),
        ("minProperties", .number("1")),
        ("maxProperties", .number("1")),
        (
            "properties",
            .object([("file", .object(text(.line))), ("env", .object(text(.variable)))])
        ),
    ]

    /// Five fields of digits, names, stars, commas, ranges and steps; what they mean no pattern can judge.
    private static let schedulePattern =
        "^[ \\t]*([0-9A-Za-z*,/-]+[ \\t]+){4}[0-9A-Za-z*,/-]+[ \\t]*$"
}
