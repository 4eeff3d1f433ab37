import Foundation
import LevinFormats
import LevinTensor

// Replays PyTorch's own test samples, as scripts/golden/make_conformance.py writes them, through Levin's public interface.
//
// usage: levin-conformance [--verbose] FILE.jsonl.gz…
//
// Prints each entry that does not pass whole, with its first difference, then the sums. The exit status is 0 where every case
// that no line of the exclusions leaves out passes.

var paths = Array(CommandLine.arguments.dropFirst())
let isVerbose = paths.first == "--verbose"
if isVerbose { paths.removeFirst() }
let table = makeTable()
var sums = Sums()
for path in paths {
  let entry = URL(fileURLWithPath: path).lastPathComponent.replacingOccurrences(
    of: ".jsonl.gz", with: "")
  do {
    let result = try replay(path, entry: entry, table: table, isVerbose: isVerbose)
    sums.add(result)
    if let difference = result.difference {
      print("\(entry): \(result.passed) of \(result.cases) cases; \(difference)")
    }
  } catch {
    print("\(entry): \(error)")
    sums.entries += 1
  }
}
print(sums.text)
exit(sums.allPassed ? 0 : 1)
