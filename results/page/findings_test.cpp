// What the page says of a tuning beside its trials.
#include <gtest/gtest.h>

#include "results/document/sample_document.h"
#include "results/page/page.h"
#include "results/page/page_reader.h"

namespace halcyon {
namespace {

TEST(Found, IsOneShortTextWhateverCameOut) {
  EXPECT_EQ(found_text({"recipe", 4, 1.25, true, "id"}), "1.25x of 4");
  EXPECT_EQ(found_text({"adams2019", 3, 0.504, false, "id"}), "~0.50x of 3");
  EXPECT_EQ(found_text({"li2018", 1, {}, false, ""}), "no figure of 1");
  EXPECT_EQ(found_text({"li2018", 0, {}, false, ""}), "nothing");
}

Document tuned_document(const std::string& word) {
  Document d = sample_document();
  d.searches = {{word,
                 "1x7x7x16 | pw 24",
                 "x86-zen4",
                 {{"recipe", 4, 1.25, true, d.records[0].id},
                  {word, 3, 0.5, false, d.records[1].id},
                  {"li2018", 0, {}, false, ""}},
                 word,
                 "1.21x (1.19 to 1.22, warm), " + word},
                {"b", word, "x86-zen4", {{"recipe", 2, 1.0, true, d.records[2].id}}, "", word}};
  return d;
}

TEST(FindingsPage, SaysWhatEachSearchFoundAndWhatWasDecided) {
  const Document d = tuned_document("adams2019");
  const std::string html = page({d});
  std::string table;
  for (const PageTag& tag : with(tags_of(html), "table", "class"))
    if (tag.attributes.at("class") == "found") table = content(html, tag);
  ASSERT_NE(table, "");
  EXPECT_EQ(words(table),
            "problemrecipeadams2019li2018decision"
            "1x7x7x16 | pw 241.25x of 4~0.50x of 3nothing"
            "adams20191.21x (1.19 to 1.22, warm), adams2019"
            "adams20191.00x of 2––the start standsadams2019");
  EXPECT_NE(table.find("href=\"#A-" + d.records[1].id + "\">~0.50x of 3"), std::string::npos);
  EXPECT_NE(table.find("<td class=\"n strong\"><a href=\"#A-" + d.records[0].id),
            std::string::npos);
}

TEST(FindingsPage, TrialsAreNoCasesToMeanOverAndDroppingThemIsNoFault) {
  Document plain = sample_document();
  for (Record& r : plain.records)
    if (r.outcome != Outcome::ok && r.outcome != Outcome::noisy) r.outcome = Outcome::pruned;
  Document tuned = plain;
  tuned.searches.emplace();
  EXPECT_NE(page({plain}).find("not measured."), std::string::npos);
  EXPECT_NE(page({plain}).find("class=\"chart\""), std::string::npos);
  EXPECT_EQ(page({tuned}).find("class=\"chart\""), std::string::npos);
  EXPECT_EQ(page({tuned}).find(" cases not measured."), std::string::npos);
}

TEST(FindingsPage, HostileNamesStayText) {
  const std::string plain = structure(page({tuned_document("x")}));
  for (const char* payload : {"<script>alert(1)</script>", "</table><b>", "\" onfocus=\"alert(1)",
                              "' onmouseover='alert(1)", "<!--", "\u202egnp.exe"})
    EXPECT_EQ(structure(page({tuned_document(payload)})), plain) << payload;
}

}  // namespace
}  // namespace halcyon
