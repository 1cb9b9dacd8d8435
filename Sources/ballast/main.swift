import Commands
import Git

// One binary: started with this word it is a git worker, which has neither arguments nor environment beside it.
if CommandLine.arguments.dropFirst().first == GitWorker.argument { GitWorker.main() }
await BallastProgram.main()
