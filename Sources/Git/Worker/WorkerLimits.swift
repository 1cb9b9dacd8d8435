import CGitShim
import Glibc

/// What a worker process does to itself before it touches anything from outside.
enum WorkerLimits {
    /// Descriptors above standard error are closed, a broken pipe ends the process, no core file can hold a credential.
    static func begin() {
        _ = ballast_close_from(3)
        signal(SIGPIPE, SIG_DFL)
        signal(SIGXFSZ, SIG_IGN)
        set(RLIMIT_CORE, soft: 0)
    }

    static func limitMemory(bytes: UInt64) {
        set(RLIMIT_AS, soft: bytes)
    }

    /// CPU time counts over the whole life of a process: the limit is what was used plus what this request may use.
    static func allowCPU(seconds: UInt64) {
        set(RLIMIT_CPU, soft: UInt64(max(0, ballast_cpu_seconds())) + seconds + 1)
    }

    private static func set(_ resource: __rlimit_resource, soft: UInt64) {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = min(rlim_t(soft), limit.rlim_max)
        unsafe setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    }
}
