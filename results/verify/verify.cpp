#include "results/verify/verify.h"

#include <algorithm>

#include "kernels/strict_json.h"
#include "results/document/digests.h"
#include "results/figures/network_alone.h"
#include "results/figures/peer_means.h"
#include "results/text/json_text.h"
#include "results/verify/difference.h"
#include "results/verify/rules.h"

namespace halcyon {
namespace {

using nlohmann::json;

constexpr const char* kWhere = "document";
constexpr int kWithDigests = 8, kWithPeerMeans = 7, kTapsInside = 5;  // minor versions
constexpr std::size_t kMostOfAKind = 100;  // findings; a document of another kind has thousands

/// "document: /records/2: macs: ..." as a finding at its pointer.
Flaw finding_of(const Error& e) {
  std::string text = e.what();
  const std::string prefix = std::string(kWhere) + ": ";
  if (!text.starts_with(prefix)) return {"", text.substr(text.starts_with(kWhere) ? 9 : 0)};
  text.erase(0, prefix.size());
  const std::size_t colon = text.find(": ");
  if (!text.starts_with('/') || colon == text.npos) return {"", text};
  const std::string pointer = text.substr(0, colon);
  return {pointer == "/" ? "" : pointer, text.substr(colon + 2)};
}

class Verifier {
 public:
  explicit Verifier(const std::vector<DocumentRule>& rules) : rules_(rules) {}

  Verified operator()(const std::string& bytes) {
    DocumentText text;
    if (!attempt([&] { text = parse_document_text(bytes, kWhere); })) return std::move(all_);
    attempt([&] { check_document_hash(text, kWhere); });
    if (!attempt([&] { check_document_schema(text, kWhere); })) return std::move(all_);
    minor_ = text.value["schema"]["minor"].get<int>();
    find_digests(text.value);
    find_form(text);
    std::size_t unread = 0;
    Document d = document_as_written(text.value, kWhere, [&](const Error& e) {
      add(finding_of(e));
      ++unread;
    });
    if (unread > 0) return std::move(all_);
    const json written = as_written(d);
    find_members(text.value, written);
    find_derived(d, written);
    find_broken(d);
    all_.document = std::move(d);
    return std::move(all_);
  }

 private:
  template <class Part>
  bool attempt(Part part) {
    try {
      part();
      return true;
    } catch (const Error& e) {
      add(finding_of(e));
      return false;
    }
  }

  void add(Flaw f) {
    if (std::find(all_.findings.begin(), all_.findings.end(), f) == all_.findings.end())
      all_.findings.push_back(std::move(f));
  }

  /// Whether something was found at this pointer or below.
  bool is_found_in(const std::string& pointer) const {
    return std::any_of(all_.findings.begin(), all_.findings.end(), [&](const Flaw& f) {
      return f.pointer == pointer || f.pointer.starts_with(pointer + "/");
    });
  }

  void find_digests(const json& value) {
    const bool there = value.contains("digests");
    if (!there && minor_ < kWithDigests) return;
    if (!there) return add({"/digests", "missing"});
    const json expected = digests_of(value);
    for_each_difference(value["digests"], expected, same_spelling, [&](const Difference& d) {
      const std::string part = d.at.to_string();
      if (!d.found || !d.expected)
        return add({"/digests" + part,
                    d.found ? "of a part that is not there" : "missing: of a part that was added"});
      add({part == "/head" ? "" : part,
           std::string(part == "/head" ? "all but the records" : "this part") + " has digest " +
               describe(*d.expected) + ", written was " + describe(*d.found) +
               ": changed after it was written"});
    });
  }

  /// The bytes are those that its writer gives.
  void find_form(const DocumentText& text) {
    const std::string canonical = indented_text(text.value);
    if (canonical == text.bytes) return;
    const auto [at, other] =
        std::mismatch(text.bytes.begin(), text.bytes.end(), canonical.begin(), canonical.end());
    add({"", "line " + std::to_string(1 + std::count(text.bytes.begin(), at, '\n')) +
                 " is not in the canonical form, which is written"});
  }

  /// Every member is one that the document's version has, as it is written.
  void find_members(const json& value, const json& written) {
    json stated = value, again = written;
    for (const char* own : {"hash", "digests", "schema"}) stated.erase(own), again.erase(own);
    std::size_t found = 0;
    for_each_difference(stated, again, same_spelling, [&](const Difference& d) {
      const std::string pointer = d.at.to_string();
      const bool older = minor_<Document::kMinor, newer = minor_> Document::kMinor;
      if ((older && !d.found) || (newer && !d.expected)) return;
      if (minor_ < kTapsInside &&
          (pointer.ends_with("/percent_of_peak") || pointer.find("/gaps/") != pointer.npos))
        return;  // read as it is written today
      if (found++ < kMostOfAKind) add({pointer, complaint(d, "written is ")});
    });
  }

  void find_derived(const Document& d, const json& written) {
    Document again = d;
    const auto derive = [&](auto& records, const char* list) {
      for (std::size_t i = 0; i < records.size(); ++i) {
        const std::string pointer = "/" + std::string(list) + "/" + std::to_string(i);
        try {
          records[i] = derived(records[i]);
        } catch (const std::exception& e) {  // a line that is no problem, a time of 0
          add({pointer, e.what()});
        }
      }
    };
    derive(again.records, "records");
    derive(again.networks, "networks");
    for (NetworkRecord& n : again.networks) take_alone(n, again.records);
    if (minor_ >= kWithPeerMeans) {
      const auto beside = cases_with_peers(again.records);
      again.peer_means.reset();
      if (!beside.empty()) again.peer_means = peer_means(beside);
    }
    all_.derived = figures_in(written);
    std::size_t found = 0;
    for_each_difference(written, as_written(again), same_figure, [&](const Difference& difference) {
      if (found++ < kMostOfAKind)
        add({difference.at.to_string(), complaint(difference, "derived is ")});
    });
  }

  static std::string complaint(const Difference& d, const char* instead) {
    if (!d.found) return std::string("missing, ") + instead + describe(*d.expected);
    if (!d.expected) return "found " + describe(*d.found) + ", which has no place here";
    return "found " + describe(*d.found) + ", " + instead + describe(*d.expected);
  }

  static std::size_t figures_in(const json& value) {
    if (!value.is_structured()) return value.is_number() ? 1 : 0;
    std::size_t sum = 0;
    for (const json& item : value) sum += figures_in(item);
    return sum;
  }

  void find_broken(const Document& d) {
    const auto check = [&](const auto& records, const std::string& list, auto rule) {
      for (std::size_t i = 0; i < records.size(); ++i) {
        const std::string pointer = "/" + list + "/" + std::to_string(i);
        if (is_found_in(pointer)) continue;  // it says less of the same
        const std::string wrong = rule(records[i]);
        if (!wrong.empty()) add({pointer, wrong});
      }
    };
    check(d.records, "records", check_record);
    check(d.networks, "networks", check_network_record);
    Flaws broken;
    find_broken_rules(d, minor_, broken);
    for (const DocumentRule& rule : rules_) rule(d, minor_, broken);
    for (Flaw& f : broken) add(std::move(f));
  }

  const std::vector<DocumentRule>& rules_;
  Verified all_;
  int minor_ = 0;
};

}  // namespace

Verified verify_document(const std::string& bytes, const std::vector<DocumentRule>& rules) {
  return Verifier(rules)(bytes);
}

Flaws why_not_published(const Document& d, int wanted_samples) {
  Flaws all;
  if (d.toolchain.commit.size() != 40)
    all.push_back({"/toolchain/commit", "found '" + d.toolchain.commit + "', wanted is a commit"});
  if (d.toolchain.dirty) all.push_back({"/toolchain/dirty", "changed since its commit"});
  if (d.toolchain.build_type != "Release")
    all.push_back({"/toolchain/build_type",
                   "found '" + d.toolchain.build_type + "', the numbers of Release alone count"});
  if (!d.complete) all.push_back({"/complete", "the run was cut short"});
  const auto wanted = d.protocol.find("wanted_samples");
  if (wanted != d.protocol.end() && wanted->is_number() && wanted->get<int>() < wanted_samples)
    all.push_back(
        {"/protocol/wanted_samples",
         "found " + wanted->dump() + ", a run to publish has " + std::to_string(wanted_samples)});
  const auto demand_figures = [&](const auto& records, const std::string& list, auto is_headline) {
    for (std::size_t i = 0; i < records.size(); ++i)
      if (is_headline(records[i]) && records[i].outcome != Outcome::ok)
        all.push_back({"/" + list + "/" + std::to_string(i) + "/outcome",
                       "found '" + std::string(to_text(records[i].outcome)) +
                           "' of a headline: " + records[i].detail});
  };
  demand_figures(d.records, "records", [](const Record& r) { return r.rival.empty() && !r.odd; });
  demand_figures(d.networks, "networks", [](const NetworkRecord&) { return true; });
  return all;
}

}  // namespace halcyon
