#include "results/document/document.h"

#include <algorithm>
#include <cmath>

#include "results/document/digests.h"
#include "results/record/peer_fields.h"
#include "results/text/json_text.h"

namespace halcyon {

void fields(auto& visit, MaybeConst<Toolchain> auto& t) {
  visit("commit", t.commit);
  visit("dirty", t.dirty);
  visit("version", t.version);
  visit("compiler", t.compiler);
  visit("flags", t.flags);
  visit("build_type", t.build_type);
  visit("halide", t.halide);
}

void fields(auto& visit, MaybeConst<GoalReached> auto& g) {
  visit("name", g.name);
  visit("unit", g.unit);
  visit("at_most", g.at_most);
  visit("reached", g.reached);
  visit("cases", g.cases);
}

void fields(auto& visit, MaybeConst<Found> auto& f) {
  visit("by", f.by);
  visit("trials", f.trials);
  visit("speedup", f.speedup);
  visit("to_the_end", f.to_the_end);
  visit("record", f.record);
}

void fields(auto& visit, MaybeConst<SearchOutcome> auto& s) {
  visit("case_id", s.case_id);
  visit("problem", s.problem);
  visit("target", s.target);
  visit("found", s.found);
  visit("winner", s.winner);
  visit("why", s.why);
}

void fields(auto& visit, MaybeConst<PeerMean> auto& m) {
  visit("kernel_class", m.kernel_class);
  visit("peer", m.peer);
  visit("ratio", m.ratio);
  visit("cases", m.cases);
  visit("without", m.without);
}

/// The members that are values; the rest is composed in to_json and document_from_text.
void fields(auto& visit, MaybeConst<Document> auto& d) {
  visit("run", d.run);
  visit("command", d.command);
  visit("started_utc", d.started_utc);
  visit("ended_utc", d.ended_utc);
  visit("seconds", d.seconds);
  visit("complete", d.complete);
  visit("toolchain", d.toolchain);
  visit("read_gbs_l1", d.read_gbs_l1);
  visit("read_gbs_l2", d.read_gbs_l2);
  visit("read_gbs_l3", d.read_gbs_l3);
  visit("read_gbs_dram", d.read_gbs_dram);
  visit("peak_gflops", d.peak_gflops);
  visit.if_there("goals", d.goals);
  visit.if_there("searches", d.searches);
  visit.if_there("peer_means", d.peer_means);
}

namespace {

using nlohmann::json;

constexpr const char* kSchemaId = "halcyon-results";
constexpr JsonLimits kLimits{.bytes = std::size_t{64} << 20, .depth = 64};
constexpr std::string_view kHashLine = "\n  \"hash\": \"";  // top level: no string holds a newline
constexpr std::size_t kHashDigits = 64;

template <class AnyRecord>
void demand_whole(const std::vector<AnyRecord>& records, const std::string& pointer,
                  std::string (*check)(const AnyRecord&)) {
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::string wrong = check(records[i]);
    if (wrong.empty()) continue;
    std::string text = pointer;
    text.append(std::to_string(i)).append(": ").append(wrong);
    throw Error(Exit::internal, text);
  }
}

template <class AnyRecord>
json array_of(const std::vector<AnyRecord>& records) {
  json array = json::array();
  for (const AnyRecord& r : records) array.push_back(to_json(r));
  return array;
}

void check_schema(Reader document) {
  Reader schema = document.object("schema");
  if (const std::string id = schema.string("id"); id != kSchemaId)
    schema.fail("id", "found " + describe(id) + ", allowed '" + kSchemaId + "'");
  const auto major = schema.integer("major", 1, INT64_MAX);
  schema.integer("minor", 0, INT64_MAX);
  if (major > Document::kMajor)
    schema.fail("major", "found " + std::to_string(major) + ", this program reads up to " +
                             std::to_string(Document::kMajor) + ": use a newer Halcyon");
}

/// Of the bytes as they stand, so that a change of anything, blanks included, is found.
void check_hash(Reader document, const std::string& text) {
  const std::string stated = document.string("hash");
  const std::size_t line = text.find(kHashLine);
  const std::string rest = stated + "\",\n";
  if (line == text.npos || stated.size() != kHashDigits ||
      text.compare(line + kHashLine.size(), rest.size(), rest) != 0)
    document.fail("hash",
                  "found " + describe(stated) + ", allowed 64 hex digits on a line of its own");
  const std::size_t begin = line + 1, end = line + kHashLine.size() + rest.size();
  const std::string actual = sha256_hex(text.substr(0, begin) + text.substr(end));
  if (actual != stated)
    document.fail(
        "hash", "found " + stated + ", the rest has " + actual + ": changed after it was written");
}

/// A target as it is written today, of a document that may be older than some of its facts.
json renewed(json target) {
  if (!target.is_object()) return target;
  const bool arm = target.value("isa", json()) == "neon";
  target.emplace("fma_by_element", arm);
  target.emplace("memory_operands", !arm);
  return target;
}

}  // namespace

json to_json(const Document& d) {
  demand_whole(d.records, "/records/", check_record);
  demand_whole(d.networks, "/networks/", check_network_record);
  return as_written(d);
}

json as_written(const Document& d) {
  json out = write_fields(d);
  out["schema"] = {{"id", kSchemaId}, {"major", Document::kMajor}, {"minor", Document::kMinor}};
  out["machine"] = to_json(d.machine);
  out["protocol"] = d.protocol;
  out["targets"] = json::array();
  for (const Target& t : d.targets) out["targets"].push_back(document_json(t));
  out["records"] = array_of(d.records);
  if (!d.networks.empty()) out["networks"] = array_of(d.networks);
  if (d.published) out["published"] = to_json(*d.published);
  return out;
}

double GoalReached::excess() const {
  return std::max(0.0, std::round(100 * reached) - std::round(100 * at_most)) / 100;
}

std::string canonical_text(const Document& d) {
  json value = to_json(d);
  value["digests"] = digests_of(value);
  value["hash"] = sha256_hex(indented_text(value));
  std::string text = indented_text(value);
  if (text.size() > kLimits.bytes)
    throw Error(Exit::partial, "the results take " + std::to_string(text.size()) +
                                   " bytes, allowed 64 MiB: run fewer cases at once");
  return text;
}

namespace {

/// How records are read: with their rules, or as they stand.
struct RecordReaders {
  Record (*record)(const json&, const std::string& where, const std::string& pointer);
  NetworkRecord (*network)(const json&, const std::string& where, const std::string& pointer);
};

/// Part by part; what is wrong with one goes to `wrong`, and the others are read.
Document read_parts(const json& value, const std::string& where, const RecordReaders& readers,
                    const std::function<void(const Error&)>& wrong) {
  Document d;
  const auto read = [&](const auto& part) {
    try {
      part();
    } catch (const Error& e) {
      wrong(e);
    }
  };
  Reader in(value, where, "", Exit::data);
  read([&] { d = read_fields<Document>(in); });
  read([&] {
    in.object("protocol");  // is one
    d.protocol = value["protocol"];
  });
  read([&] {
    in.object("machine");
    d.machine = machine_from_json(value["machine"], where, "/machine");
  });
  const auto each = [&](const char* list, const auto& part) {
    read([&] {
      for (std::size_t i = 0; i < in.array(list).size(); ++i)
        read([&] { part(value[list][i], "/" + std::string(list) + "/" + std::to_string(i)); });
    });
  };
  each("targets", [&](const json& target, const std::string& pointer) {
    try {
      d.targets.push_back(target_from_json(renewed(target), where + ": " + pointer));
    } catch (const Error& e) {  // a target in a document is data, not what the user wrote
      throw data_error(e.what());
    }
  });
  each("records", [&](const json& record, const std::string& pointer) {
    d.records.push_back(readers.record(record, where, pointer));
  });
  if (in.has("networks"))
    each("networks", [&](const json& record, const std::string& pointer) {
      d.networks.push_back(readers.network(record, where, pointer));
    });
  if (in.has("published"))
    read([&] {
      in.object("published");
      d.published = published_from_json(value["published"], where, "/published");
    });
  return d;
}

}  // namespace

Document document_from_json(const json& value, const std::string& where) {
  check_schema(Reader(value, where, "", Exit::data));
  return read_parts(value, where, {record_from_json, network_record_from_json},
                    [](const Error& e) { throw e; });
}

Document document_as_written(const json& value, const std::string& where,
                             const std::function<void(const Error&)>& wrong) {
  return read_parts(value, where, {record_as_written, network_record_as_written}, wrong);
}

void check_document_schema(const DocumentText& text, const std::string& where) {
  check_schema(Reader(text.value, where, "", Exit::data));
}

void check_document_hash(const DocumentText& text, const std::string& where) {
  check_hash(Reader(text.value, where, "", Exit::data), text.bytes);
}

Document document_from_text(const DocumentText& text, const std::string& where) {
  check_document_schema(text, where);
  check_document_hash(text, where);
  return document_from_json(text.value, where);
}

Document document_from_text(const std::string& text, const std::string& where) {
  return document_from_text(parse_document_text(text, where), where);
}

DocumentText parse_document_text(std::string bytes, const std::string& where) {
  DocumentText text{std::move(bytes), {}};
  text.value = parse_json(text.bytes, where, Exit::data, kLimits);
  return text;
}

std::string read_document_bytes(const std::string& path) {
  return read_text_file(path, Exit::data, kLimits.bytes);
}

DocumentText read_document_text(const std::string& path) {
  return parse_document_text(read_document_bytes(path), path);
}

Document read_document(const std::string& path) {
  return document_from_text(read_document_text(path), path);
}

void refuse_twice(const std::vector<Document>& documents, const std::vector<std::string>& paths) {
  for (std::size_t i = 0; i < documents.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (documents[i].run == documents[j].run)
        throw usage_error(paths[i] + ": is run " + documents[i].run + ", as is " + paths[j] +
                          "; allowed is each run once");
}

}  // namespace halcyon
