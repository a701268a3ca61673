#pragma once
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "kernels/strict_json.h"
#include "schedules/compile/outcome.h"

namespace halcyon {

inline void from_text(std::string_view word, Outcome& value) { value = outcome_from_text(word); }

/// `Of`, to be read from, or to be filled.
template <class T, class Of>
concept MaybeConst = std::is_same_v<std::remove_const_t<T>, Of>;

/// A struct's JSON is one list of fields, `void fields(auto& visit, MaybeConst<Struct> auto&
/// value)`, found by argument lookup. FieldWriter and FieldReader both walk that list, so the two
/// directions cannot drift apart. An enum is its word: to_text() and from_text(word, value) of its
/// namespace.
class FieldWriter {
 public:
  explicit FieldWriter(nlohmann::json& object) : object_(object) {
    object = nlohmann::json::object();
  }

  template <class T>
  void operator()(const char* key, const T& value, double /*low*/ = 0, double /*high*/ = 0) {
    object_[key] = write(value);
  }
  template <class T>
  void if_there(const char* key, const std::optional<T>& value, double /*low*/ = 0) {
    if (value) object_[key] = write(*value);
  }
  template <class T>
  void unless_empty(const char* key, const std::vector<T>& value) {
    if (!value.empty()) object_[key] = write(value);
  }
  template <class T>
  void added(const char* key, const T& value) {
    (*this)(key, value);
  }
  /// null where the value is not finite: a wrong result may be wrong by infinity.
  void finite_or_null(const char* key, double value) {
    object_[key] = std::isfinite(value) ? nlohmann::json(value) : nlohmann::json();
  }

 private:
  template <class T>
  static nlohmann::json write(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      return std::string(to_text(value));
    } else if constexpr (std::is_same_v<T, std::uint64_t>) {
      return std::to_string(value);  // as text: many readers of JSON keep 53 bits of a number
    } else if constexpr (requires(FieldWriter & w) { fields(w, value); }) {
      nlohmann::json object;
      FieldWriter writer(object);
      fields(writer, value);
      return object;
    } else {
      return value;
    }
  }
  template <class T>
  static nlohmann::json write(const std::optional<T>& value) {
    return value ? write(*value) : nlohmann::json();
  }
  template <class T>
  static nlohmann::json write(const std::vector<T>& value) {
    nlohmann::json array = nlohmann::json::array();
    for (const T& item : value) array.push_back(write(item));
    return array;
  }

  nlohmann::json& object_;
};

/// Reads tolerantly: what the list does not name is ignored. Numbers are finite and not negative
/// unless the list says otherwise. Errors name the JSON pointer.
class FieldReader {
 public:
  explicit FieldReader(Reader in) : in_(std::move(in)) {}

  template <class T>
  void operator()(const char* key, T& value, double low = 0,
                  double high = std::numeric_limits<double>::max()) {
    if constexpr (std::is_same_v<T, std::string>) {
      value = in_.string(key);
    } else if constexpr (std::is_same_v<T, bool>) {
      value = in_.boolean(key);
    } else if constexpr (std::is_same_v<T, double>) {
      value = in_.number(key, low, high);
    } else if constexpr (std::is_same_v<T, std::uint64_t>) {
      read_unsigned(key, value);
    } else if constexpr (std::is_integral_v<T>) {
      const auto least = static_cast<std::int64_t>(low);
      value = static_cast<T>(in_.integer(key, least, std::numeric_limits<T>::max()));
    } else if constexpr (std::is_enum_v<T>) {
      read_word(key, in_.string(key), value);
    } else {
      FieldReader reader(in_.object(key));
      fields(reader, value);
    }
  }
  template <class T>
  void operator()(const char* key, std::optional<T>& value) {
    value.reset();
    if (!in_.is_null(key)) (*this)(key, value.emplace());
  }
  template <class T>
  void operator()(const char* key, std::vector<T>& value, double low = 0) {
    if constexpr (std::is_same_v<T, std::string>) {
      value = in_.strings(key);
    } else if constexpr (std::is_same_v<T, double>) {
      value = in_.numbers(key, low, std::numeric_limits<double>::max());
    } else if constexpr (std::is_same_v<T, int>) {
      value.clear();
      for (const std::int64_t number :
           in_.integers(key, static_cast<std::int64_t>(low), std::numeric_limits<int>::max()))
        value.push_back(static_cast<int>(number));
    } else if constexpr (std::is_enum_v<T>) {
      value.clear();
      for (const std::string& word : in_.strings(key)) read_word(key, word, value.emplace_back());
    } else {
      value.resize(in_.array(key).size());
      for (std::size_t i = 0; i < value.size(); ++i) {
        FieldReader reader(in_.element(key, i));
        fields(reader, value[i]);
      }
    }
  }
  /// A field that a record may have, and that older documents do not.
  template <class T>
  void if_there(const char* key, std::optional<T>& value, double low = 0) {
    value.reset();
    if (in_.has(key) && !in_.is_null(key)) (*this)(key, value.emplace(), low);
  }
  /// A list that is left out where it is empty.
  template <class T>
  void unless_empty(const char* key, std::vector<T>& value) {
    value.clear();
    if (in_.has(key)) (*this)(key, value);
  }
  /// A field that is always written today, and that older documents do not have.
  template <class T>
  void added(const char* key, T& value) {
    if (in_.has(key)) (*this)(key, value);
  }
  void operator()(const char* key, std::map<std::string, int>& value);
  void finite_or_null(const char* key, double& value) {
    value = std::numeric_limits<double>::infinity();
    if (!in_.is_null(key)) (*this)(key, value, std::numeric_limits<double>::lowest());
  }

 private:
  void read_unsigned(const char* key, std::uint64_t& value);
  template <class Words>
  void read_word(const char* key, const std::string& word, Words& value) {
    try {
      from_text(word, value);
    } catch (const Error& e) {
      in_.fail(key, e.what());
    }
  }

  Reader in_;
};

template <class T>
nlohmann::json write_fields(const T& value) {
  nlohmann::json object;
  FieldWriter writer(object);
  fields(writer, value);
  return object;
}
template <class T>
T read_fields(Reader in) {
  T value;
  FieldReader reader(std::move(in));
  fields(reader, value);
  return value;
}

}  // namespace halcyon
