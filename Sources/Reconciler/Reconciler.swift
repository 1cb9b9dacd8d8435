import Domain
import Logging
