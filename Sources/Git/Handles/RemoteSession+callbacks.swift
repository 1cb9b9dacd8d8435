import CLibgit2
import Glibc

extension RemoteSession {
    private static let maxMessageBytes = 4_096
    private static let progressIntervalMilliseconds: Int64 = 250
    /// The second time a credential is asked for, the first was refused. libgit2 itself would go on over ssh for ever.
    private static let maxCredentials = 1
    private static let stop: Int32 = GIT_EUSER.rawValue

    private static func from(_ payload: UnsafeMutableRawPointer?) -> RemoteSession? {
        unsafe payload.map { unsafe Unmanaged<RemoteSession>.fromOpaque($0).takeUnretainedValue() }
    }

    func install(in callbacks: inout git_remote_callbacks) {
        unsafe callbacks.credentials = { output, _, userInAddress, allowed, payload in
            guard let session = unsafe RemoteSession.from(payload), let output = unsafe output else { return -1 }
            return unsafe session.giveCredential(output, hasUser: userInAddress != nil, allowed: allowed)
        }
        unsafe callbacks.certificate_check = { _, isValid, _, payload in
            if isValid == 1 { return 0 }
            unsafe RemoteSession.from(payload)?.hostRefused = true
            return GIT_ECERTIFICATE.rawValue
        }
        unsafe callbacks.transfer_progress = { _, payload in
            unsafe RemoteSession.from(payload)?.noteProgress()
            return 0
        }
        unsafe callbacks.pack_progress = { _, _, _, payload in
            unsafe RemoteSession.from(payload)?.noteProgress()
            return 0
        }
        unsafe callbacks.push_transfer_progress = { _, _, _, payload in
            unsafe RemoteSession.from(payload)?.noteProgress()
            return 0
        }
        unsafe callbacks.sideband_progress = { text, count, payload in
            guard let session = unsafe RemoteSession.from(payload) else { return -1 }
            session.noteProgress()
            if let text = unsafe text, count > 0 {
                let bytes = unsafe UnsafeRawBufferPointer(start: text, count: Int(count))
                unsafe session.messages.append(
                    contentsOf: bytes.prefix(max(0, RemoteSession.maxMessageBytes - session.messages.count)))
            }
            return 0
        }
        unsafe callbacks.push_negotiation = { updates, count, payload in
            guard let session = unsafe RemoteSession.from(payload), let updates = unsafe updates else { return -1 }
            for index in 0..<count {
                guard let update = unsafe updates[index] else { continue }
                let present = ObjectID(unsafe update.pointee.src)
                if (present.isZero ? nil : present) != session.expectedOld {
                    session.hasMoved = true
                    return RemoteSession.stop
                }
            }
            return 0
        }
        unsafe callbacks.push_update_reference = { _, status, payload in
            if let status = unsafe status { unsafe RemoteSession.from(payload)?.refusal = String(cString: status) }
            return 0
        }
    }

    private func giveCredential(
        _ output: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>, hasUser: Bool, allowed: UInt32
    ) -> Int32 {
        if allowed & GIT_CREDENTIAL_USERNAME.rawValue != 0 {
            return unsafe git_credential_username_new(output, address.user ?? "git")
        }
        guard let credential, credentialsGiven < Self.maxCredentials else {
            credentialRefused = true
            return GIT_EAUTH.rawValue
        }
        credentialsGiven += 1
        switch credential {
        case .token(let username, let token) where allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue != 0:
            return unsafe git_credential_userpass_plaintext_new(output, username, token)
        case .ssh(let privateKey, _) where allowed & GIT_CREDENTIAL_SSH_MEMORY.rawValue != 0:
            return unsafe git_credential_ssh_key_memory_new(output, address.user ?? "git", nil, privateKey, nil)
        default:
            credentialRefused = true
            return GIT_EAUTH.rawValue
        }
    }

    /// Tells the parent that something moves, at most four times a second.
    private func noteProgress() {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        let milliseconds = Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000
        guard milliseconds - lastProgressMilliseconds >= Self.progressIntervalMilliseconds else { return }
        lastProgressMilliseconds = milliseconds
        GitWorker.sendProgress()
    }
}
