#pragma once
#include <cstddef>

namespace halcyon {

struct NamedCase;
struct SearchOptions;
struct SearchResult;

/// Hears how a search goes. This one does nothing with it.
class SearchListener {
 public:
  virtual ~SearchListener() = default;
  virtual void begin(const NamedCase&, std::size_t /*points*/, const SearchOptions&) {}
  virtual void tried(const SearchResult&) {}  // its last trial
  virtual void drifted(const SearchResult&, double /*drift*/) {}
  virtual void comparing(const SearchResult&) {}
  virtual void decided(const SearchResult&) {}
};

}  // namespace halcyon
