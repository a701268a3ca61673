#include "results/document/journal_document.h"

#include <algorithm>
#include <filesystem>

#include "kernels/error.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

constexpr const char *kRun = "run", *kEnded = "ended";

/// The newest of an id stands in the place of the first.
template <class AnyRecord>
void put(std::vector<AnyRecord>& all, AnyRecord record) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const AnyRecord& known) { return known.id == record.id; });
  if (found == all.end())
    all.push_back(std::move(record));
  else
    *found = std::move(record);
}

void take(Document& d, const Journal::Line& line, const std::string& where) {
  if (line.kind == "record") put(d.records, record_from_json(line.body, where, "/body"));
  if (line.kind == "network") put(d.networks, network_record_from_json(line.body, where, "/body"));
  if (line.kind == "trial" && line.body.contains("record"))
    put(d.records, record_from_json(line.body["record"], where, "/body/record"));
}

}  // namespace

void append_head(Journal& journal, const Document& document) {
  Document head = document;
  head.records.clear();
  head.networks.clear();
  head.complete = false;
  journal.append(kRun, to_json(head));
}

void append_end(Journal& journal) { journal.append(kEnded, nlohmann::json::object()); }

std::optional<JournaledRun> last_run(const std::string& journal) {
  const Journal::Loaded loaded = Journal::load(journal);
  const auto where = [&](const Journal::Line& line) {
    return journal + ": line " + std::to_string(line.seq);
  };
  std::optional<JournaledRun> last;
  for (const Journal::Line& line : loaded.lines) {
    if (line.kind == kRun) last = {document_from_json(line.body, where(line)), false};
    if (last && line.kind == kEnded) last->ended = last->document.complete = true;
  }
  if (!last) return last;
  Document& d = last->document;
  const bool tuning = d.searches.has_value();  // goes on with what all before it did
  d.searches.reset();
  for (const Journal::Line& line : loaded.lines)
    if (tuning || line.run == d.run) take(d, line, where(line));
  if (d.ended_utc.empty()) d.ended_utc = d.started_utc;
  return last;
}

Document read_run(const std::string& path) {
  if (path.ends_with(".jsonl")) {
    if (auto run = last_run(path)) return std::move(run->document);
    throw data_error(path + ": no line says what run it is of");
  }
  if (!fs::is_directory(path)) return read_document(path);
  const std::string results = path + "/results.json", journal = path + "/journal.jsonl";
  if (!fs::exists(results) && fs::exists(journal)) return read_run(journal);
  return read_document(results);
}

std::optional<RunInFolder> run_in_folder(const std::string& folder) {
  const std::string results = folder + "/results.json";
  const auto journaled = last_run(folder + "/journal.jsonl");
  std::optional<RunInFolder> found;
  std::string written;  // id of the run whose results are
  if (journaled) found = {journaled->document.command, journaled->document.run, ""};
  if (fs::exists(results)) {
    const Document document = read_document(results);
    written = document.run;
    found = {document.command, document.run, ""};
  }
  if (journaled && !(journaled->ended && written == journaled->document.run))
    found->unfinished = journaled->document.run;
  return found;
}

}  // namespace halcyon
