import Domain
import Crypto
import Foundation
