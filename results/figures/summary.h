#pragma once
#include <string>
#include <vector>

#include "results/document/document.h"

namespace halcyon {

/// Records that may stand in one column: same target, unit, threads and cache state. Never mixed.
struct Group {
  std::string target;
  FigureUnit unit = FigureUnit::ns;
  int threads = 1;
  CacheState state = CacheState::warm;
  std::vector<const Record*> records;  // of the document; in its order
  bool timed() const;                  // whether any of them has a time
  bool counted() const;                // whether any of them has counts
};
/// In order of first appearance; rivals of a case are left to rivals.h.
std::vector<Group> groups_of(const Document&);

/// What a kernel class reaches: geometric means over its network cases (odd ones left out), of
/// counts the median.
struct ClassMean {
  std::string kernel_class;
  double percent = 0;           // of the FMA peak; 0 when no case has both a time and MACs
  double percent_of_bound = 0;  // of the machine's bound, see share_of_bound(); 0 when unknown
  double per_least_fmla = 0;    // instructions over MACs / lanes; 0 without counts and MACs
  int cases = 0, failed = 0;    // network cases; of them those without a time or counts
};
/// In order of first appearance; classes with odd cases only are left out.
std::vector<ClassMean> class_means(const std::vector<const Record*>&);
std::vector<ClassMean> class_means(const Document&);  // of all its records

/// The time that the machine sets at least: the larger of the two bounds. 0 when not known.
double bound_ns(const Record&);
/// Percent of the machine's bound that a record reached: 100 * bound_ns / median; 0 without a time
/// or a bound. Above 100 when bytes came from a nearer cache than the bound assumes.
double share_of_bound(const Record&);
/// The figure that a bar shows: percent of peak; where no arithmetic is counted, of the bound.
double percent_reached(const Record&);
inline bool counts_arithmetic(const Record& record) { return record.macs > 0; }

}  // namespace halcyon
