import Domain
import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
