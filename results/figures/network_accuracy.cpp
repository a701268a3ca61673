#include "results/figures/network_accuracy.h"

#include "results/text/format.h"

namespace halcyon {

std::string accuracy_text(const NetworkRecord& r) {
  if (!r.accuracy) return "";
  return "SQNR " + fixed(r.accuracy->sqnr_db, 1) + " dB, cosine " + fixed(r.accuracy->cosine, 5) +
         ", top-1 agreement " + percent_text(100 * r.accuracy->top1_agreement) + ", " +
         std::to_string(r.accuracy->inputs) + " inputs";
}

std::string layers_off_text(const NetworkRecord& r) {
  if (!r.check.most_steps) return "";
  return "at most " + fixed(*r.check.most_steps, 0) +
         (*r.check.most_steps == 1 ? " step off, " : " steps off, ") +
         fixed(100 * r.check.share_off.value_or(0), 3) + " % of elements";
}

}  // namespace halcyon
