import Hummingbird

/// Every path of one desk; needs no socket.
enum ServerRoutes {
    static func answers(of desk: Desk) -> RouterResponder<ServerContext> {
        let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        let authorization = Authorization(
            settings: desk.settings, secrets: desk.secrets, browsers: desk.browsers)
        let routes = Routes(router: router, authorization: authorization, book: OperationBook())
        router.add(
            middleware: EnvelopeMiddleware(book: routes.book, authorization: authorization, logger: desk.logger))
        HealthRoutes(desk: desk).add(to: routes)
        HookRoutes(desk: desk).add(to: routes)
        ReadRoutes(desk: desk).add(to: routes)
        RecordRoutes(desk: desk).add(to: routes)
        DecisionRoutes(desk: desk).add(to: routes)
        WorkRoutes(desk: desk).add(to: routes)
        FollowRoutes(desk: desk).add(to: routes)
        OpenAPIRoute().add(to: routes)
        DashboardRoutes.add(to: router, desk, authorization)
        return router.buildResponder()
    }
}
