// swift-tools-version: 6.2
import PackageDescription

/// One set of flags for every target; each has its reason.
let settings: [SwiftSetting] = [
    // SE-0461: an async helper stays on its caller's executor.
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("ExistentialAny"),  // SE-0335: a boxed value is seen in the source
    .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409: an import does not leak into the interface
    .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444: what a file uses, it imports
    .treatAllWarnings(as: .error),
]

func library(
    _ name: String, _ dependencies: [Target.Dependency], unsafe: Bool = false, exclude: [String] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, exclude: exclude,
        swiftSettings: unsafe ? settings + [.strictMemorySafety()] : settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "ballast",
    products: [
        .executable(name: "ballast", targets: ["ballast"]),
        .executable(name: "simulation", targets: ["SimulationProgram"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.5.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.9.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CLibgit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
        .systemLibrary(name: "CAllocator"),
        .target(name: "CGitShim", dependencies: ["CLibgit2"]),
        library("Domain", [], exclude: ["Rollout/TABLE.md"]),
        library("Documents", ["Domain", yams]),
        library("Git", ["CLibgit2", "CGitShim", subprocess, system, crypto], unsafe: true),
        library("Source", ["Domain", "Documents", "Git"]),
        library("Exchange", ["Domain", httpClient, nio, nioHTTP, nioPosix, nioSSL]),
        library("Platforms", ["Domain", "Exchange", crypto]),
        library("Audit", ["Domain", crypto]),
        library("Store", ["Domain", "Audit", grdb]),
        library("Notifications", ["Domain", "Exchange", crypto]),
        library("Live", ["CAllocator", "Domain", crypto]),
        library("Reconciler", ["Domain", logging]),
        library("Wire", ["Domain"]),
        library("Dashboard", ["Domain", crypto, mustache]),
        library(
            "Server",
            [
                "Domain", "Wire", "Reconciler", "Dashboard", crypto, httpTypes, hummingbird, hummingbirdCore, lifecycle,
                logging, nio, nioHTTP, nioHTTPTypes,
            ]),
        library("Simulator", ["Domain", crypto, hummingbird, logging, nio]),
        library(
            "Commands",
            [
                "Domain", "Documents", "Git", "Source", "Exchange", "Platforms", "Audit", "Store", "Notifications",
                "Live",
                "Reconciler", "Wire", "Dashboard", "Server", "Simulator", argumentParser, httpClient, lifecycle,
                logging, yams,
            ]),
        .executableTarget(name: "ballast", dependencies: ["Commands", "Git"], swiftSettings: settings),
        .target(
            name: "Support", dependencies: ["Domain", nio, nioPosix, nioSSL, subprocess, system], path: "Tests/Support",
            swiftSettings: settings),
        .executableTarget(
            name: "benchmarks",
            dependencies: [
                "Audit", "Commands", "Documents", "Domain", "Git", "Live", "Reconciler", "Simulator", "Source", "Store",
                "Support", "ballast", crypto,
            ], path: "Tests/Benchmarks", swiftSettings: settings),
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "Audit", "Dashboard", "Documents", "Domain", "Exchange", "Git", "Live", "Platforms", "Server",
                "Support",
                crypto,
            ], path: "Tests/Fuzz", exclude: ["Corpus"], swiftSettings: settings),
        .executableTarget(
            name: "torment", dependencies: ["Domain", "Simulator", "Support", "ballast"], path: "Tests/Torment",
            swiftSettings: settings),
        .target(
            name: "Simulation",
            dependencies: ["Audit", "Domain", "Live", "Reconciler", "Store"],
            path: "Tests/Simulation", swiftSettings: settings),
        .executableTarget(
            name: "SimulationProgram", dependencies: ["Simulation", "Domain", argumentParser],
            path: "Tests/SimulationProgram", swiftSettings: settings),
        tests("DomainTests", ["Domain", "Support"]),
        tests("EngineTests", ["Domain", "Support"]),
        tests("DocumentsTests", ["Documents", "Domain", "Live", "Support", subprocess]),
        tests("LiveTests", ["Live", "Domain", "Support"]),
        tests("GitTests", ["Git", "Support", "ballast"]),
        tests("SourceTests", ["Source", "Git", "Documents", "Domain", "Simulation", "Support", "ballast"]),
        tests("ExchangeTests", ["Exchange", "Domain", "Support", nio, nioSSL, subprocess, system]),
        tests("PlatformsTests", ["Platforms", "Exchange", "Simulator", "Domain", "Live", "Support"]),
        tests("AuditTests", ["Audit", "Domain", "Support"]),
        tests("StoreTests", ["Store", "Audit", "Domain", "Support", grdb]),
        tests(
            "NotificationsTests",
            ["Notifications", "Exchange", "Simulator", "Domain", "Live", "Support", subprocess, crypto, nioSSL],
            exclude: ["Fixtures"]),
        tests(
            "SimulatorTests", ["Simulator", "Domain", "Support", crypto, httpClient, nio, nioHTTP],
            exclude: ["Fixtures"]),
        tests(
            "CommandsTests",
            [
                "Commands", "Wire", "Reconciler", "Documents", "Domain", "Audit", "Store", "Exchange", "Support",
                argumentParser,
            ]),
        tests("DashboardTests", ["Dashboard", "Domain", "Support"]),
        tests(
            "ServerTests",
            [
                "Server", "Commands", "Reconciler", "Store", "Notifications", "Live", "Documents", "Domain", "Wire",
                "Support", crypto, hummingbird, lifecycle, logging, nio, nioHTTP, nioPosix, subprocess,
            ], exclude: ["Fixtures"]),
        tests("EndToEndTests", ["Support", "Simulator", "Domain", httpClient, nio, nioHTTP, "ballast", "torment"]),
        tests("DeployTests", ["Documents", "Domain", "Live", "Support", httpClient, nio, nioHTTP, yams, "ballast"]),
        tests("SimulationTests", ["Simulation", "Domain", "Support"]),
        tests("TidyTests", ["Support"]),
    ]
)
