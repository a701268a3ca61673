#include "results/table/table.h"

namespace halcyon {

std::string tables_text(const Document& document, const Viewer& viewer) {
  std::string text;
  for (const Table* table : tables())
    if (table->applies(document, viewer)) text += table->render(document, viewer);
  return text;
}

}  // namespace halcyon
