#pragma once
#include <string>
#include <vector>

#include "results/figures/rivals.h"
#include "results/figures/summary.h"
#include "results/record/peer_record.h"
#include "results/text/html.h"
#include "results/text/plural.h"

/// What the sections of the pages are made of. Used by those alone.
namespace halcyon::page_parts {

/// One run as the page shows it.
struct Run {
  const Document* document = nullptr;
  std::string letter;               // "A", "B", ...: names the run where there are several
  bool detailed = true;             // whether its records are shown one by one
  bool alone = true;                // the page's only run: its parts are the page's parts
  std::vector<Match> matches = {};  // of its document's cases with their rivals
  /// Its cases are trials: by class and case by case they would say nothing.
  bool tuning() const { return document->searches.has_value(); }
};

Markup tag(const char* name, const std::string& css_class, const Markup& content);
Markup tag(const char* name, const std::string& css_class, const std::string& words);
/// The heading of a part of a run, and of a part of that.
Markup title(const Run&, const std::string& words);
Markup subtitle(const Run&, const std::string& words);
/// The head of a table's column.
Markup column_head(const std::string& css_class, const Markup& content);
Markup column_head(const std::string& css_class, const std::string& words);
/// Name and value pairs as a definition list; empty values are left out.
Markup facts(const std::vector<std::pair<std::string, std::string>>&);
/// A figure of a run or a network in large letters; `unit` may be empty.
Markup tile(const std::string& name, const std::string& value, const std::string& unit = "");
/// A number of a table that sorts by `value`; a dash where it is 0.
Markup number_cell(double value, const std::string& words);
/// A pill: the outcome, with a sign that does not need colour.
Markup chip(Outcome);
/// A link to the record of a run; plain where records are not shown.
Markup to_record(const Run&, const Record&, const Markup& content);
std::string anchor(const Run&, const Record&);
std::string anchor(const Run&, const NetworkRecord&);
std::string day_and_minute(const std::string& utc);  // "2026-11-24 13:25 UTC"
std::string suites_of(const Document&);              // "kernels, blocks"
std::string list_of(const std::vector<std::string>& words, const char* between);

/// Kernels that share a colour and a mark in pictures.
struct KernelFamily {
  const char *name, *css_class, *shape;
  bool (*holds)(const std::string& first_word, bool chain);
};
const KernelFamily& family_of(const std::string& problem);  // family.cpp
Markup family_legend();                                     // family.cpp: entries of a list
Markup legend_entry(const Markup& content, const char* words);

/// What a reader must know before any number of a run.
Markup overview(const Run&);  // overview.cpp
/// Works with script only, which takes `hidden` away.
Markup toolbar();  // overview.cpp
// Of a network, lead and table, below a title:
Markup peers(const PeerComparison&);  // peers.cpp
Markup losses(const NetworkRecord&);  // losses.cpp

}  // namespace halcyon::page_parts
