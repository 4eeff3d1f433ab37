import DigitClassifier
import Foundation
import Levin

let arguments = CommandLine.arguments.dropFirst()
switch arguments.first {
case "read": try ReadBenchmark.run(Array(arguments.dropFirst()))
default:
  print("usage: levin-bench read FOLDER…")
  exit(2)
}
