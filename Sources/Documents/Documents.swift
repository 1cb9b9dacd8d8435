import Domain
import Yams
