import Domain
import AsyncHTTPClient
import Crypto
import NIOCore
import NIOHTTP1
import NIOSSL
