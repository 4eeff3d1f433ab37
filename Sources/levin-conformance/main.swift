import Foundation
import LevinTensor
import ReferenceBackend

// Replays PyTorch's own test samples, as scripts/golden/make_conformance.py writes them, through Levin's public interface.

func usage() -> String {
  """
  usage: levin-conformance [--backend reference] [--docs FOLDER | --check-docs FOLDER] FOLDER|FILE…
         levin-conformance --bits FOLDER|FILE…

  Prints each entry that does not pass completely, with its first difference, then the totals. A folder counts with all entries in
  scope: an entry without a case file fails, and so does a case that ends its process. The exit status is 0 if every case
  passes that no rule excludes.

    --docs FOLDER        also write conformance.md and pytorch-names.md there
    --check-docs FOLDER  also fail if those files differ from what would be written
    --bits               compare results with one and three threads, on each instruction set, bit for bit
    --backend NAME       put the tensors of the cases on that device; new tensors that operations create must follow
  """
}

func files(_ paths: [String]) throws -> [String] {
  try paths.flatMap { path -> [String] in
    guard !path.hasSuffix(".gz") else { return [path] }
    return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
      .filter { $0.hasSuffix(".jsonl.gz") }.map { path + "/" + $0 }
  }
}

func folder(of path: String) -> String {
  URL(fileURLWithPath: path).deletingLastPathComponent().path
}

func replayAll(_ paths: [String], on device: Device) throws -> (Results, Catalogue) {
  let files = try files(paths)
  guard let first = files.first else { throw CaseError("no case files in \(paths)") }
  let catalogue = try Catalogue(folder: folder(of: first))
  var results = Results()
  for path in files {
    let file = try CaseFile(path)
    if file.name == "errors" {
      guard device == .cpu else { continue }
      let errors = try replayErrors(file, catalogue)
      errors.differences.forEach(printLine)
      results.errors = errors
      continue
    }
    if file.name == "optimizers" {
      results.optimizers = try replayOptimizers(file, on: device)
      for result in results.optimizers where !result.passes {
        printLine(
          "\(result.entry.name): \(result.passed) of \(result.cases) cases; \(result.difference ?? "")"
        )
      }
      continue
    }
    let result = try replay(file, catalogue.entry(file.name), on: device)
    if let difference = result.difference {
      printLine("\(file.name): \(result.passed) of \(result.cases) cases; \(difference)")
    }
    results.entries.append(result)
  }
  if paths.contains(where: { !$0.hasSuffix(".gz") }) {
    let found = Set(results.entries.map(\.entry))
    for entry in catalogue.entries where !entry.scope.isEmpty && !found.contains(entry) {
      printLine("\(entry.fullName): no cases")
      results.entries.append(EntryResult(entry: entry, difference: "no cases"))
    }
  }
  return (results, catalogue)
}

func run(_ arguments: [String]) throws -> Bool {
  var arguments = arguments
  var (docs, checksDocs): (String?, Bool) = (nil, false)
  Device.register(ReferenceBackend())
  var device = Device.cpu
  while let first = arguments.first, first.hasPrefix("--") {
    arguments.removeFirst()
    switch first {
    case "--docs" where !arguments.isEmpty, "--check-docs" where !arguments.isEmpty:
      docs = arguments.removeFirst()
      checksDocs = first == "--check-docs"
    case "--backend" where !arguments.isEmpty:
      let name = arguments.removeFirst()
      guard let named = Device(named: name) else {
        throw CaseError("--backend \(name): expected one of \(Device.all.map(\.name))")
      }
      device = named
    case "--bits":
      return try compareBits(
        files(arguments).filter {
          !$0.hasSuffix("/errors.jsonl.gz") && !$0.hasSuffix("/optimizers.jsonl.gz")
        })
    case "--hashes":
      try printHashes(arguments)
      return true
    case "--cases" where arguments.count == 2:
      let file = try CaseFile(arguments[0])
      let first = Int(arguments[1]) ?? 0
      if file.name == "optimizers" {
        try replayTrainings(file, from: first, on: device)
        return true
      }
      let entry = try Catalogue(folder: folder(of: file.path)).entry(file.name)
      try replayCases(file, from: first, entry, on: device)
      return true
    case "--states" where arguments.count == 2:
      try exchangeStates(CaseFile(arguments[1]), in: arguments[0])
      return true
    case "--error-cases" where !arguments.isEmpty:
      let file = try CaseFile(arguments[0])
      try makeErrorCalls(
        file, arguments.dropFirst().compactMap { Int($0) }, Catalogue(folder: folder(of: file.path))
      )
      return true
    default: throw CaseError("unknown option \(first)\n\(usage())")
    }
  }
  guard !arguments.isEmpty else { throw CaseError(usage()) }
  let (results, catalogue) = try replayAll(arguments, on: device)
  printLine(results.text)
  var isFine = results.allPass
  for page in docs.map({ _ in Pages(results: results, catalogue: catalogue).all }) ?? [] {
    let path = (docs ?? ".") + "/" + page.name
    if !checksDocs {
      try page.text.write(toFile: path, atomically: true, encoding: .utf8)
    } else if (try? String(contentsOfFile: path, encoding: .utf8)) != page.text {
      printLine("\(path) is stale; levin-conformance --docs rewrites it")
      isFine = false
    }
  }
  return isFine
}

do {
  exit(try run(Array(CommandLine.arguments.dropFirst())) ? 0 : 1)
} catch {
  standardError("\(error)\n")
  exit(2)
}
