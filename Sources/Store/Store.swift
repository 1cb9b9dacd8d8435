import Domain
import Audit
import GRDB
