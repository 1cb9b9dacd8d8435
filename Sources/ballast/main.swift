import Commands
import Git

if CommandLine.arguments.dropFirst().first == GitWorker.argument { GitWorker.main() }
