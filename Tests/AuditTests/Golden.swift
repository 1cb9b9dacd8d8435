/// Lines made by another implementation, to keep the bytes from ever changing.
enum Golden {
    static let first = #"""
        {"auditTimestamp":"2026-11-22T10:00:00.005Z","chain":{"hash":"51baf7f4139d4810ba654898774c3c9d1eace1c20bcbfd2d485\#
        920979fb26ed6","id":"c1","index":1,"previous":"0000000000000000000000000000000000000000000000000000000000000000"}\#
        ,"complianceTag":"GOVERNANCE_ROLLBACK_EVENT","message":"Grüße €","ok":true,"v":1}
        """#

    static let second = #"""
        {"auditTimestamp":"1969-12-31T23:59:59.999Z","chain":{"hash":"0e768c726c621a61cfe14a0ad295f2d9d707d968bcb93353056\#
        e36b6c1d7f46b","id":"c1","index":2,"previous":"51baf7f4139d4810ba654898774c3c9d1eace1c20bcbfd2d485920979fb26ed6"}\#
        ,"complianceTag":"GOVERNANCE_ROLLBACK_EVENT","latencyMs":12.5,"note":{"index":1,"previous":"000000000000000000000\#
        0000000000000000000000000000000000000000000"},"steps":{"first":1,"last":2},"v":1}
        """#
}
