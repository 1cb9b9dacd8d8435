import Foundation

/// A line at once, also where nobody sits at a terminal.
package func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
