import Domain
import Hummingbird
import Logging
import NIOCore
import NIOPosix
