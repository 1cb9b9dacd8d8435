/// One whole job for a worker. Sent as the header of a frame.
enum WorkerRequest: Codable, Sendable {
    /// The first request of every worker process; answered by `done`.
    case begin(WorkerSetup)
    case open
    case setAside
    case changes(from: ObjectID?, to: ObjectID, folder: String)
    case blobs([ObjectID], maxBytesEach: Int)
    case entry(path: String, commit: ObjectID)
    case listing(folder: String, commit: ObjectID)
    case commit(ObjectID)
    case history(HistoryQuery)
    case isDescendant(ObjectID, of: ObjectID)
    case resolve(prefix: String)
    case ref(String)
    case moveRef(String, from: ObjectID?, to: ObjectID)
    case payload(CommitDraft)
    /// The payload is the tail.
    case writeCommit(signature: String?)
    case tidyUp
    case note(String, target: ObjectID, tip: ObjectID?)
    case notes(String, tip: ObjectID?)
    case appendNotes(String, [NoteAddition], maxNoteBytes: Int, closing: String?, writer: Person)
    case mergeNotes(String, theirs: ObjectID, writer: Person)
    case look(branch: String, RemoteAccess)
    case fetch(branch: String, known: ObjectID?, RemoteAccess)
    case fetchRef(String, RemoteAccess)
    case push(ObjectID, ref: String, expecting: ObjectID?, RemoteAccess)
}

/// What a worker process must know for life.
struct WorkerSetup: Codable, Sendable {
    enum Role: String, Codable, Sendable {
        case local
        case remote
    }

    var role: Role
    /// The folder of the copy, or the path of somebody's clone.
    var path: String
    var isClone: Bool
    /// A bare repository whose objects a new copy borrows.
    var lender: String?
    var maxMemoryBytes: UInt64
    /// CPU time that one request may use; the soft limit is raised by this much before each.
    var cpuSecondsPerRequest: UInt64
    var maxChanges: Int
}

/// Everything that a request to the remote needs; the only message that carries a credential.
struct RemoteAccess: Codable, Sendable {
    var address: String
    var credential: GitCredential?
    var caFile: String?
}
