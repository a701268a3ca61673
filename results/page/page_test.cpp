#include "results/page/page.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "results/document/sample_document.h"
#include "results/page/page_reader.h"
#include "results/text/format.h"
#include "results/text/html.h"

namespace halcyon {
namespace {

/// The cells of a record's row in the table of cases.
std::vector<std::string> row_of(const std::string& page, const std::vector<PageTag>& tags,
                                const std::string& id) {
  for (const PageTag& row : with(tags, "tr", "data-row")) {
    if (row.attributes.at("data-row") != id) continue;
    std::vector<std::string> cells;
    for (const PageTag& tag : tags)
      if ((tag.name == "td" || tag.name == "th") && tag.begin > row.begin && tag.end < row.end)
        cells.push_back(words(content(page, tag)));
    return cells;
  }
  return {};
}

Document without_times() {
  Document d = sample_document();
  std::erase_if(d.records, [](const Record& r) { return r.outcome == Outcome::ok; });
  return d;
}

TEST(Page, IsWellFormedWhateverTheRunsHold) {
  Document empty = sample_document(), checked = sample_document(), one = sample_document();
  empty.records.clear();
  one.records.resize(1);
  for (Record& r : checked.records) {  // as `check` leaves it: verdicts, no times
    r.statistics.reset();
    r.samples.clear();
    r.rejected.reset();
    r.bound.reset();
  }
  Document no_rates = sample_document();
  no_rates.peak_gflops = no_rates.read_gbs_l1 = no_rates.read_gbs_l2 = 0;
  no_rates.read_gbs_l3 = no_rates.read_gbs_dram = 0;
  for (const auto& runs :
       std::vector<std::vector<Document>>{{},
                                          {empty},
                                          {one},
                                          {checked},
                                          {without_times()},
                                          {no_rates},
                                          {sample_document()},
                                          {sample_document(1), sample_document(2), empty}}) {
    const std::string html = page(runs);
    EXPECT_FALSE(tags_of(html).empty());
    EXPECT_EQ(html.find("nan"), std::string::npos);
    EXPECT_EQ(html.find("inf%"), std::string::npos);
  }
}

TEST(Page, RefersToNothingOutside) {
  const std::string html = page({sample_document(1), sample_document(2)});
  std::set<std::string> ids;
  const auto tags = tags_of(html);
  for (const PageTag& tag : tags) {
    const auto id = tag.attributes.find("id");
    if (id != tag.attributes.end()) {
      EXPECT_TRUE(ids.insert(id->second).second) << id->second;
    }
  }
  for (const PageTag& tag : tags) {
    for (const auto& [key, value] : tag.attributes) {
      EXPECT_NE(key, "src");
      EXPECT_NE(key, "style") << "the policy would drop it";
      EXPECT_FALSE(key.starts_with("on")) << key;
      if (key != "href") continue;
      const bool inside = value.starts_with("#") && ids.count(value.substr(1)) > 0;
      EXPECT_TRUE(tag.name == "link" ? value.starts_with("data:image/") : inside) << value;
    }
    if (tag.name != "style") continue;
    const std::string style = content(html, tag);
    EXPECT_EQ(style.find("@import"), std::string::npos);
    for (std::size_t at = style.find("url("); at != std::string::npos;
         at = style.find("url(", at + 1))
      EXPECT_EQ(style[at + 4], '#');
  }
}

/// Base64 of the bytes that hex digits name.
std::string base64_of_hex(const std::string& hex) {
  const char* const kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bits, out;
  for (char c : hex)
    for (int bit = 3, v = std::stoi(std::string(1, c), nullptr, 16); bit >= 0; --bit)
      bits += v >> bit & 1 ? '1' : '0';
  while (bits.size() % 6) bits += '0';
  for (std::size_t i = 0; i < bits.size(); i += 6)
    out += kDigits[std::stoi(bits.substr(i, 6), nullptr, 2)];
  while (out.size() % 4) out += '=';
  return out;
}

TEST(Page, PolicyAllowsItsOwnStyleAndScriptOnly) {
  const std::string html = page({sample_document()});
  const auto tags = tags_of(html);
  std::string policy;
  for (const PageTag& tag : with(tags, "meta", "http-equiv")) policy = tag.attributes.at("content");
  EXPECT_TRUE(policy.starts_with("default-src &#39;none&#39;; img-src data:;")) << policy;
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
  int assets = 0;
  for (const PageTag& tag : tags) {
    if (tag.name != "style" && (tag.name != "script" || tag.attributes.count("type"))) continue;
    const std::string hash = base64_of_hex(sha256_hex(content(html, tag)));
    EXPECT_NE(policy.find(tag.name + "-src &#39;sha256-" + hash + "&#39;"), std::string::npos);
    ++assets;
  }
  EXPECT_EQ(assets, 2);
}

/// Half of the last digit that `shown` has, in units of its number.
double last_digit(const std::string& shown) {
  const std::size_t point = shown.find('.');
  return point == std::string::npos
             ? 0.5
             : 0.5 * std::pow(10, -static_cast<double>(shown.size() - point - 1));
}

/// Reads "12.30 µs" back into ns and compares to the digits shown.
void expect_time(const std::string& cell, double ns, const std::string& id) {
  static const std::map<std::string, double> kScale = {
      {"ns", 1}, {"µs", 1e3}, {"ms", 1e6}, {"s", 1e9}};
  const std::string number = cell.substr(0, cell.find(' '));
  const std::string unit =
      cell.substr(cell.find(' ') + 1, cell.find(' ', cell.find(' ') + 1) - cell.find(' ') - 1);
  ASSERT_TRUE(kScale.count(unit)) << cell;
  EXPECT_NEAR(std::stod(number), ns / kScale.at(unit), last_digit(number) * 1.0001) << id;
}

TEST(Page, NumbersAreTheDocumentsToTheDigitsShown) {
  const Document d = sample_document();
  const std::string html = page({d});
  const auto tags = tags_of(html);
  int timed = 0;
  for (const Record& r : d.records) {
    if (!r.statistics) continue;
    ++timed;
    const auto cells = row_of(html, tags, "A-" + r.id);
    ASSERT_EQ(cells.size(), 11u) << r.case_id;
    expect_time(cells[3], r.statistics->median_ns, r.case_id);
    expect_time(cells[4], r.statistics->q25_ns, r.case_id);
    EXPECT_EQ(cells[5],
              std::to_string(r.statistics->accepted) + "/" + std::to_string(r.statistics->taken));
    if (r.macs > 0) {
      EXPECT_NEAR(std::stod(cells[6]), r.statistics->gflops, last_digit(cells[6]) * 1.0001);
      EXPECT_NEAR(std::stod(cells[7]), r.statistics->percent_of_peak, 0.05001);
    } else {
      EXPECT_EQ(cells[6] + cells[7], "––") << "a rate of no arithmetic";
    }
    expect_time(cells[8], std::max(r.bound->compute_ns, r.bound->memory_ns), r.case_id);
    EXPECT_NEAR(std::stod(cells[10]), r.check.max_abs, 0.05 * r.check.max_abs);
  }
  EXPECT_GT(timed, 20);
}

TEST(Page, EveryNumberLeadsToItsRecord) {
  const Document d = sample_document();
  const std::string html = page({d});
  const auto tags = tags_of(html);
  for (const PageTag& cell : tags) {
    if (cell.name != "td" || !cell.attributes.count("data-v")) continue;
    EXPECT_TRUE(content(html, cell).starts_with("<a href=\"#A-")) << content(html, cell);
  }
  std::set<std::string> records;
  for (const PageTag& tag : with(tags, "details", "id")) {
    records.insert(tag.attributes.at("id"));
    EXPECT_NE(content(html, tag).find("object key"), std::string::npos);
  }
  EXPECT_EQ(records.size(), d.records.size());
  for (const Record& r : d.records) {
    EXPECT_TRUE(records.count("A-" + r.id));
    EXPECT_NE(html.find(text(r.repro).string()), std::string::npos);
    EXPECT_NE(html.find(text(r.schedule).string()), std::string::npos);
    EXPECT_NE(html.find(r.object_key), std::string::npos);
  }
}

TEST(Page, FailuresHaveAnOutcomeAndNoTime) {
  const Document d = without_times();
  const std::string html = page({d});
  const auto tags = tags_of(html);
  for (const Record& r : d.records) {
    const auto cells = row_of(html, tags, "A-" + r.id);
    ASSERT_EQ(cells.size(), 11u);
    std::string word(to_text(r.outcome));
    std::replace(word.begin(), word.end(), '_', ' ');
    EXPECT_NE(cells[1].find(word), std::string::npos) << cells[1];
    for (int i : {3, 4, 5, 6, 7, 9}) EXPECT_EQ(cells[i], "–") << r.case_id << " column " << i;
    EXPECT_NE(html.find(text(r.detail).string()), std::string::npos);
  }
  for (const PageTag& bar : with(tags, "rect", "class")) {
    const std::string& kind = bar.attributes.at("class");
    EXPECT_FALSE(bar.attributes.count("width") && kind == "fill" &&
                 bar.attributes.at("width") != "100.00%");
  }
  EXPECT_NE(html.find("4 cases failed."), std::string::npos);
  EXPECT_NE(html.find("1 case too noisy."), std::string::npos);
}

TEST(Page, CountsStandBesideTheirGoalsAndNeverAsTimes) {
  const std::string counted = page({counted_document()});
  for (const char* words : {"Instructions by class", ">2.62</td>", ">0.62 too many</td>",
                            ">reached</td>", "no time, and never compared with one"})
    EXPECT_NE(counted.find(words), std::string::npos) << words;
  EXPECT_EQ(counted.find("class=\"chart\""), std::string::npos);  // bars are of times
  EXPECT_EQ(page({sample_document()}).find("Instructions by class"), std::string::npos);
}

TEST(Page, SaysWhatIsWrongWithARun) {
  const auto banners = [](const Document& d) { return page({d}); };
  Document d = sample_document();
  EXPECT_EQ(banners(d).find("Partial."), std::string::npos);
  EXPECT_EQ(banners(d).find("Not reproducible"), std::string::npos);
  d.complete = false;
  EXPECT_NE(banners(d).find("Partial."), std::string::npos);
  d.toolchain.dirty = true;
  EXPECT_NE(banners(d).find("Not reproducible"), std::string::npos);
  d.toolchain.build_type = "Debug";
  EXPECT_NE(banners(d).find("Not a release build."), std::string::npos);
  d.records.clear();
  EXPECT_NE(banners(d).find("Empty."), std::string::npos);
}

Document filled_with(const std::string& word) {
  Document d = sample_document();
  d.records.erase(d.records.begin(), d.records.end() - 12);  // timed and failed ones
  d.command = d.machine.cpu_model = d.machine.kernel = d.toolchain.compiler = word;
  d.machine.caches = d.machine.isa = {word};
  d.toolchain.commit = d.toolchain.flags = d.toolchain.halide = word;
  d.targets[0].name = d.targets[0].family = d.targets[0].halide = word;
  d.protocol = {{word, word}};
  for (Record& r : d.records) {
    r.suite = r.case_id = r.source_of_case = r.kernel_class = r.target = r.family = word;
    r.schedule_source = r.schedule = r.detail = r.repro = r.isolation = r.object_key = word;
    r.point = {{word, 1}};
    r.check.where = word;
  }
  return d;
}

TEST(Page, HostileNamesStayText) {
  const std::string plain = structure(page({filled_with("x")}));
  for (const char* payload : {"<script>alert(1)</script>",
                              "</script><script>alert(1)</script>",
                              "\"><img src=x onerror=alert(1)>",
                              "' onmouseover='alert(1)",
                              "\" onfocus=\"alert(1)\" autofocus=\"",
                              "</details></section></body>",
                              "<!--",
                              "--><b>",
                              "]]>",
                              "&lt;b&gt;",
                              "&#60;b&#62;",
                              "javascript:alert(1)",
                              "</title><b>",
                              "</textarea><svg/onload=alert(1)>",
                              "<svg><a xlink:href=\"javascript:1\">",
                              "\\u003cb\\u003e",
                              "{{7*7}}",
                              "${7*7}",
                              "`x`",
                              "<base href=//evil>",
                              "<meta http-equiv=refresh content=0>",
                              "</style><style>*{display:none}",
                              "\u202egnp.exe",
                              "a\u2028b",
                              "%3Cscript%3E",
                              "<a\tb\nc>"})
    EXPECT_EQ(structure(page({filled_with(payload)})), plain) << payload;
}

TEST(Page, CarriesTheDocumentsBytes) {
  Document d = sample_document();
  d.records[0].detail = "</script> & \u2028 \\u003c";
  const std::string html = page({d}), bytes = canonical_text(d);
  for (const PageTag& tag : with(tags_of(html), "script", "type")) {
    std::string data = content(html, tag), back;
    EXPECT_EQ(data.find_first_of("<>&"), std::string::npos);
    for (std::size_t i = 0; i < data.size(); ++i) {  // as page.js does it: escapes pairwise
      static const std::map<std::string, std::string> kPlain = {
          {"u003c", "<"}, {"u003e", ">"}, {"u0026", "&"}, {"u2028", "\u2028"}, {"u2029", "\u2029"}};
      const auto plain = data[i] == '\\' ? kPlain.find(data.substr(i + 1, 5)) : kPlain.end();
      if (plain != kPlain.end()) {
        back += plain->second;
        i += 5;
      } else {
        back += data[i];
        if (data[i] == '\\') back += data[++i];
      }
    }
    EXPECT_EQ(back, bytes);
  }
  EXPECT_NE(html.find(sha256_hex(bytes)), std::string::npos);
}

TEST(Page, RunsStandSideBySideOnlyWhereTheyMay) {
  Document a = sample_document(1), b = sample_document(2), elsewhere = sample_document(3);
  for (Sample& s : b.records[0].samples) s.ns = s.ns * 2;
  b.records[0].statistics = statistics_of(b.records[0].samples, b.records[0].mac_counts());
  elsewhere.machine.cpu_model = "another CPU";
  const auto tables = [](const std::string& html) {
    std::vector<std::string> out;
    for (const PageTag& tag : with(tags_of(html), "table", "class"))
      if (tag.attributes.at("class").starts_with("comparison")) out.push_back(content(html, tag));
    return out;
  };
  EXPECT_TRUE(tables(page({a})).empty());
  const auto both = tables(page({a, b, elsewhere}));
  ASSERT_EQ(both.size(), 1u);
  EXPECT_NE(both[0].find("2.00× slower"), std::string::npos);
  EXPECT_EQ(both[0].find("faster<"), std::string::npos) << "two draws of the same figures";
  EXPECT_EQ(both[0].find("#C-"), std::string::npos) << "a time of another CPU in the same table";
  EXPECT_TRUE(tables(page({a, elsewhere})).empty());
  for (Record& r : b.records) r.unit = FigureUnit::model_cycles;
  EXPECT_TRUE(tables(page({a, b})).empty());
}

TEST(Page, OfSeveralRunsTheTitleSaysWhatTheyAreAndEveryRecordWhichOneItIsOf) {
  const Document a = sample_document(1), b = sample_document(2);
  const std::string html = page({a, b}), alone = page({a});
  EXPECT_NE(html.find("<h1>kernels on AMD EPYC 9B14: 2 runs</h1>"), std::string::npos);
  const auto letters_in = [](const std::string& of) {
    std::size_t letters = 0;
    for (const PageTag& tag : with(tags_of(of), "b", "class"))
      letters += tag.attributes.at("class") == "letter";
    return letters;
  };
  EXPECT_GE(letters_in(html), a.records.size() + b.records.size());
  EXPECT_EQ(letters_in(alone), 0u);
}

TEST(Page, CpusOfOneBrandAreNeverBesideEachOther) {
  const Document a = sample_document(1);
  Document b = sample_document(2);
  const auto beside = [&] { return page({a, b}).find("B over A") != std::string::npos; };
  EXPECT_TRUE(beside());
  b.machine.stepping++;
  EXPECT_TRUE(beside());
  b.machine.family = 26, b.machine.model = 2;
  EXPECT_FALSE(beside());
  const std::string html = page({a, b});
  EXPECT_NE(html.find("AMD EPYC 9B14 (AuthenticAMD 25/17)"), std::string::npos);
  EXPECT_NE(html.find("AMD EPYC 9B14 (AuthenticAMD 26/2)"), std::string::npos);
}

TEST(Page, CpusThatAreKnownByTheirBrandOnlyAreBesideNothing) {
  Document a = sample_document(1), b = sample_document(2);
  for (Document* d : {&a, &b}) d->machine.vendor = "unknown", d->machine.family = 0;
  const std::string html = page({a, b});
  EXPECT_EQ(html.find("B over A"), std::string::npos);
  EXPECT_NE(html.find("AMD EPYC 9B14 (known by its brand only)"), std::string::npos);
}

TEST(Page, StaysSmall) {
  const Document d = sample_document();
  const double each = static_cast<double>(page({d}).size()) / static_cast<double>(d.records.size());
  EXPECT_LT(each, 20000);  // a suite of 100 cases: 2 MB

  // A tuner's run: many trials, few with a time. 10,000 of them: under 6 MB.
  constexpr int kTrials = 3000;
  Document large = sample_document();
  large.records.clear();
  for (int i = 0; i < kTrials; ++i) {
    Record r = d.records[i % d.records.size()];
    r.id = sha256_hex(std::to_string(i)).substr(0, 16);
    r.samples.clear();
    r.rejected.reset();
    r.statistics.reset();
    if (r.outcome == Outcome::ok || r.outcome == Outcome::noisy) r.outcome = Outcome::pruned;
    large.records.push_back(r);
  }
  const std::string html = page({large});
  EXPECT_LT(html.size(), 100000u + 600u * kTrials);
  EXPECT_EQ(html.find("<details"), std::string::npos);
  EXPECT_NE(html.find("in its results.json only"), std::string::npos);
}

}  // namespace
}  // namespace halcyon
