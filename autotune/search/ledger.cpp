#include "autotune/search/ledger.h"

#include "kernels/strict_json.h"
#include "results/document/journal_document.h"

namespace halcyon {
namespace {

using nlohmann::json;

json to_json(const std::string& key, const Tried& t) {
  return {{"key", key},
          {"cost", t.cost ? json(*t.cost) : json()},
          {"seconds", t.seconds},
          {"record", to_json(t.record)}};
}

Tried tried_of(const json& body, const std::string& where) {
  Reader in(body, where, "", Exit::data);
  Tried t;
  t.record = record_from_json(body.at("record"), where, "/record");
  if (!in.is_null("cost")) t.cost = in.number("cost", 0, 1e300);
  t.seconds = in.number("seconds", 0, 1e300);
  return t;
}

}  // namespace

Ledger::Ledger(const std::string& path, const std::string& run,
               const std::function<void(const std::string&)>& say)
    : journal_(path, run, say), boot_(boot_id()) {
  for (const auto& line : Journal::load(path).lines)
    in_context(path + ": line " + std::to_string(line.seq), [&] { return take(line), 0; });
}

void Ledger::take(const Journal::Line& line) {
  if (line.kind == "started") {
    Reader in(line.body, line.kind, "", Exit::data);
    strikes_[in.string("key")] += !in.boolean("fenced") || in.string("boot") != boot_;
  } else if (line.kind == "trial") {
    Reader in(line.body, line.kind, "", Exit::data);
    const std::string key = in.string("key");
    ended_[key] = tried_of(line.body, line.kind);
    strikes_.erase(key);
  } else {
    notes_[line.kind].push_back(line.body);
  }
}

const Tried* Ledger::find(const std::string& key) const {
  const auto found = ended_.find(key);
  return found == ended_.end() ? nullptr : &found->second;
}

int Ledger::strikes(const std::string& key) const {
  const auto found = strikes_.find(key);
  return found == strikes_.end() ? 0 : found->second;
}

void Ledger::start(const std::string& key, bool fenced) {
  journal_.append("started", {{"key", key}, {"fenced", fenced}, {"boot", boot_}});
}

void Ledger::end(const std::string& key, const Tried& tried) {
  journal_.append("trial", to_json(key, tried));
  ended_[key] = tried;
}

const json* Ledger::noted(const std::string& kind, const std::string& key) const {
  const auto found = notes_.find(kind);
  if (found == notes_.end()) return nullptr;
  for (auto note = found->second.rbegin(); note != found->second.rend(); note++)
    if (note->value("key", "") == key) return &*note;
  return nullptr;
}

std::vector<json> Ledger::all(const std::string& kind) const {
  const auto found = notes_.find(kind);
  return found == notes_.end() ? std::vector<json>() : found->second;
}

void Ledger::note(const std::string& kind, const std::string& key, json body) {
  body["key"] = key;
  journal_.append(kind, body);
  notes_[kind].push_back(std::move(body));
}

void Ledger::append(const Record& record) { journal_.append(record); }

void Ledger::append_head(const Document& document) {
  if (notes_.count("run") == 0) halcyon::append_head(journal_, document);
}

}  // namespace halcyon
