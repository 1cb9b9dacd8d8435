import CLibgit2
import CGitShim
import Subprocess
import SystemPackage
import Crypto
