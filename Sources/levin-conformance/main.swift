import Foundation
import LevinFormats
import LevinTensor
import ReferenceBackend

// Replays PyTorch's own test samples, as scripts/golden/make_conformance.py writes them, through Levin's public interface.
//
// usage: levin-conformance [--verbose] [--backend reference] FILE.jsonl.gz…
//
// Prints each entry that does not pass whole, with its first difference, then the sums. The exit status is 0 where every case
// that no line of the exclusions leaves out passes. With --backend the tensors of the cases lie on that device, and what operations
// make besides has to follow them there.

var paths = Array(CommandLine.arguments.dropFirst())
let isVerbose = paths.first == "--verbose"
if isVerbose { paths.removeFirst() }
Device.register(ReferenceBackend())
var device = Device.cpu
if paths.first == "--backend" {
  let name = paths.dropFirst().first ?? ""
  guard let named = Device(named: name) else {
    print("--backend \(name): expected one of \(Device.all.map(\.name).joined(separator: ", "))")
    exit(2)
  }
  device = named
  paths.removeFirst(2)
}
let table = makeTable()
var sums = Sums()
for path in paths {
  let entry = URL(fileURLWithPath: path).lastPathComponent.replacingOccurrences(
    of: ".jsonl.gz", with: "")
  do {
    let result = try replay(path, entry: entry, table: table, device: device, isVerbose: isVerbose)
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
