import Domain
import Documents
import Git
