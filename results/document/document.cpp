#include "results/document/document.h"

#include <algorithm>
#include <cmath>

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
json checked(const std::vector<AnyRecord>& records, const std::string& pointer,
             std::string (*check)(const AnyRecord&)) {
  json array = json::array();
  for (const AnyRecord& r : records) {
    const std::string wrong = check(r);
    if (!wrong.empty()) {
      std::string text = pointer;
      text.append(std::to_string(array.size())).append(": ").append(wrong);
      throw Error(Exit::internal, text);
    }
    array.push_back(to_json(r));
  }
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
  json out = write_fields(d);
  out["schema"] = {{"id", kSchemaId}, {"major", Document::kMajor}, {"minor", Document::kMinor}};
  out["machine"] = to_json(d.machine);
  out["protocol"] = d.protocol;
  out["targets"] = json::array();
  for (const Target& t : d.targets) out["targets"].push_back(document_json(t));
  out["records"] = checked(d.records, "/records/", check_record);
  if (!d.networks.empty())
    out["networks"] = checked(d.networks, "/networks/", check_network_record);
  if (d.published) out["published"] = to_json(*d.published);
  return out;
}

double GoalReached::excess() const {
  return std::max(0.0, std::round(100 * reached) - std::round(100 * at_most)) / 100;
}

std::string canonical_text(const Document& d) {
  json value = to_json(d);
  value["hash"] = sha256_hex(indented_text(value));
  std::string text = indented_text(value);
  if (text.size() > kLimits.bytes)
    throw Error(Exit::partial, "the results take " + std::to_string(text.size()) +
                                   " bytes, allowed 64 MiB: run fewer cases at once");
  return text;
}

Document document_from_json(const json& value, const std::string& where) {
  Reader in(value, where, "", Exit::data);
  check_schema(in);
  auto d = read_fields<Document>(in);
  for (const char* member : {"protocol", "machine"}) in.object(member);  // there, and objects
  d.protocol = value["protocol"];
  d.machine = machine_from_json(value["machine"], where, "/machine");
  const std::string targets = where + ": /targets/";
  for (std::size_t i = 0; i < in.array("targets").size(); ++i) {
    try {
      d.targets.push_back(
          target_from_json(renewed(value["targets"][i]), targets + std::to_string(i)));
    } catch (const Error& e) {  // a target in a document is data, not what the user wrote
      throw data_error(e.what());
    }
  }
  for (std::size_t i = 0; i < in.array("records").size(); ++i)
    d.records.push_back(
        record_from_json(value["records"][i], where, "/records/" + std::to_string(i)));
  for (std::size_t i = 0; in.has("networks") && i < in.array("networks").size(); ++i)
    d.networks.push_back(
        network_record_from_json(value["networks"][i], where, "/networks/" + std::to_string(i)));
  if (in.has("published")) {
    in.object("published");  // is one
    d.published = published_from_json(value["published"], where, "/published");
  }
  return d;
}

Document document_from_text(const DocumentText& text, const std::string& where) {
  Reader in(text.value, where, "", Exit::data);
  check_schema(in);
  check_hash(in, text.bytes);
  return document_from_json(text.value, where);
}

Document document_from_text(const std::string& text, const std::string& where) {
  return document_from_text(DocumentText{text, parse_json(text, where, Exit::data, kLimits)},
                            where);
}

DocumentText read_document_text(const std::string& path) {
  DocumentText text{read_text_file(path, Exit::data, kLimits.bytes), {}};
  text.value = parse_json(text.bytes, path, Exit::data, kLimits);
  return text;
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
