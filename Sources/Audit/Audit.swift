import Domain
import Crypto
