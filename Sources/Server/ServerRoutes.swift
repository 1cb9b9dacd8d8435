import Hummingbird

/// Every path of one desk.
enum ServerRoutes {
    static func answers(of desk: Desk) -> RouterResponder<ServerContext> {
        let router = Router(context: ServerContext.self)
        router.add(middleware: EnvelopeMiddleware(logger: desk.logger))
        HealthRoutes(desk: desk).add(to: router)
        HookRoutes(desk: desk).add(to: router)
        let authorization = Authorization(settings: desk.settings, secrets: desk.secrets)
        ReadRoutes(desk: desk, authorization: authorization).add(to: router)
        DecisionRoutes(desk: desk, authorization: authorization).add(to: router)
        return router.buildResponder()
    }
}
