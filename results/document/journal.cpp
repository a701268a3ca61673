#include "results/document/journal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "kernels/strict_json.h"
#include "results/files/atomic_file.h"
#include "results/text/json_text.h"

namespace halcyon {
namespace {

using nlohmann::json;

constexpr std::size_t kFileBytes = std::size_t{1} << 30;
constexpr std::size_t kLineBytes = std::size_t{1} << 20;
constexpr std::string_view kSum = ",\"xxh3\":\"";
constexpr std::size_t kSumDigits = 16;
constexpr std::size_t kSumBytes = kSum.size() + kSumDigits + 2;  // with the closing `"}`

std::string checksum(std::string_view bytes) {
  char digits[kSumDigits + 1];
  std::snprintf(digits, sizeof digits, "%016llx",
                static_cast<unsigned long long>(XXH3_64bits(bytes.data(), bytes.size())));
  return digits;
}

/// Whether the text, without its line break, ends in the checksum of what stands before that.
bool is_sound(std::string_view line) {
  if (line.size() < kSumBytes) return false;
  const std::string_view rest = line.substr(0, line.size() - kSumBytes);
  return line.substr(rest.size()) == std::string(kSum) + checksum(rest) + "\"}";
}

/// The length of a sound line at the start of `text`, whose own line break is damaged; 0 when there
/// is none. So a damaged break costs neither of the two lines beside it.
std::size_t sound_prefix(std::string_view text) {
  for (std::size_t at = text.find(kSum); at != text.npos; at = text.find(kSum, at + 1)) {
    const std::size_t size = at + kSumBytes;
    if (size < text.size() && is_sound(text.substr(0, size))) return size;
  }
  return 0;
}

/// Reads a journal's text line by line, telling what is damaged.
class Loader {
 public:
  Loader(const std::string& text, const std::string& path) : text_(text), path_(path) {}

  Journal::Loaded load() {
    while (at_ < text_.size()) step();
    out_.torn = static_cast<std::size_t>(out_.good_bytes) < text_.size();
    return std::move(out_);
  }

 private:
  void step() {
    const std::string_view rest = std::string_view(text_).substr(at_);
    const std::size_t newline = rest.find('\n');
    const std::string_view line = rest.substr(0, newline);
    ++number_;
    if (newline != rest.npos && is_sound(line)) {
      take(line);
      advance(line.size() + 1);
    } else if (const std::size_t prefix = sound_prefix(line)) {
      complain("damaged line break");
      take(line.substr(0, prefix));
      advance(prefix + 1);
    } else if (newline != rest.npos) {
      complain("checksum");
      at_ += line.size() + 1;
    } else {
      at_ = text_.size();  // the unterminated tail
    }
  }
  void advance(std::size_t bytes) {
    at_ += bytes;
    out_.good_bytes = static_cast<std::int64_t>(at_);
  }
  /// Counts only once a good line follows: damage at the end is the torn tail.
  void complain(const std::string& what) {
    pending_.push_back(path_ + ":" + std::to_string(number_) + ": " + what);
  }
  void take(std::string_view line) {
    const std::string where = path_ + ":" + std::to_string(number_);
    const json value = parse_json(line, where, Exit::data, {.bytes = kLineBytes});
    Reader in(value, where, "", Exit::data);
    const auto schema = in.integer("schema", 1, INT64_MAX);
    if (schema > Record::kSchema)
      in.fail("schema", "found " + std::to_string(schema) + ", this program reads up to " +
                            std::to_string(Record::kSchema) + ": use a newer Halcyon");
    Journal::Line out{in.integer("seq", 0, INT64_MAX), in.string("run"), in.string("kind"), {}};
    if (in.has("body")) out.body = value["body"];
    const bool again = out.seq < next_;
    if (again) complain("sequence number " + std::to_string(out.seq) + " again");
    if (out.seq > next_ && pending_.empty())
      complain(std::to_string(out.seq - next_) + " lines missing before it");
    out_.corrupt.insert(out_.corrupt.end(), pending_.begin(), pending_.end());
    pending_.clear();
    if (again) return;
    next_ = out.seq + 1;
    out_.lines.push_back(std::move(out));
  }

  const std::string& text_;
  const std::string& path_;
  std::size_t at_ = 0;
  int number_ = 0;  // of the line being read
  std::int64_t next_ = 0;
  std::vector<std::string> pending_;
  Journal::Loaded out_;
};

/// Writes `bytes` to the first free "<path>.torn-<n>"; its name.
std::string keep_aside(const std::string& path, std::string_view bytes) {
  for (int n = 1;; ++n) {
    const std::string name = path + ".torn-" + std::to_string(n);
    const int fd = open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0 && errno == EEXIST) continue;
    const bool kept = fd >= 0 && write_all(fd, bytes.data(), bytes.size()) && fsync(fd) == 0;
    const int error = errno;
    if (fd >= 0) close(fd);
    if (!kept)
      throw Error(Exit::environment, name + ": cannot be written: " + std::strerror(error));
    return name;
  }
}

/// Whether there is something; links are not followed, for who writes journals may be root and the
/// folder somebody else's. Error (exit 4) for one.
bool is_there(const std::string& path, struct stat& status) {
  if (lstat(path.c_str(), &status) != 0) return errno != ENOENT;
  if (S_ISLNK(status.st_mode))
    throw Error(Exit::environment, path + ": is a link, which is not followed");
  return true;
}

/// The path, unless something stands there that no journal can be appended to.
const std::string& appendable(const std::string& path) {
  struct stat status {};
  if (is_there(path, status) && !S_ISREG(status.st_mode))
    throw Error(Exit::environment, path + ": cannot be written: not a regular file");
  return path;
}

/// Whether a text without a sound line may be our first one, cut short; else it is no journal.
bool is_cut_first_line(std::string_view text) {
  constexpr std::string_view kStart = "{\"body\":";
  return text.find('\n') == text.npos &&
         kStart.substr(0, text.size()) == text.substr(0, kStart.size());
}

}  // namespace

Journal::Loaded Journal::load(const std::string& path) {
  struct stat status {};
  if (!is_there(path, status)) return {};
  const std::string text = read_text_file(path, Exit::data, kFileBytes);
  Loaded loaded = Loader(text, path).load();
  if (loaded.lines.empty() && !text.empty() && !is_cut_first_line(text))
    throw data_error(path + ": no line of it is a journal's; it stays as it is");
  return loaded;
}

Journal::Journal(std::string path, std::string run,
                 const std::function<void(const std::string&)>& say)
    : path_(std::move(path)), run_(std::move(run)), lock_(appendable(path_)) {
  const Loaded loaded = load(path_);
  for (const std::string& line : loaded.corrupt) say(line + ", skipped");
  if (!loaded.lines.empty()) seq_ = loaded.lines.back().seq + 1;
  size_ = loaded.good_bytes;
  fd_ = open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644);
  struct stat status {};
  if (fd_ < 0 || fstat(fd_, &status) != 0 || !sync_folder_of(path_)) {
    const int error = errno;
    if (fd_ >= 0) close(fd_);
    throw Error(Exit::environment, path_ + ": cannot be written: " + std::strerror(error));
  }
  try {
    if (loaded.torn) cut_torn_tail(loaded, say);
  } catch (...) {
    close(fd_);
    throw;
  }
}

Journal::~Journal() { close(fd_); }

void Journal::cut_torn_tail(const Loaded& loaded,
                            const std::function<void(const std::string&)>& say) {
  const std::string text = read_text_file(path_, Exit::data, kFileBytes);
  const std::string_view tail =
      std::string_view(text).substr(static_cast<std::size_t>(loaded.good_bytes));
  const std::string name = keep_aside(path_, tail);
  if (!sync_folder_of(path_) || ftruncate(fd_, loaded.good_bytes) != 0 || fsync(fd_) != 0)
    throw Error(Exit::environment, path_ + ": cannot be repaired: " + std::strerror(errno));
  say(path_ + ": repaired: " + std::to_string(tail.size()) +
      " bytes of an unfinished line moved to " + name);
}

void Journal::append(const std::string& kind, const json& body) {
  const auto fail = [&](const std::string& what) {
    throw Error(Exit::environment, path_ + ": " + what);
  };
  if (broken_) fail("takes nothing more after an earlier failure");
  std::string line = compact_text(
      {{"seq", seq_}, {"run", run_}, {"schema", Record::kSchema}, {"kind", kind}, {"body", body}});
  line.pop_back();  // the closing brace, which comes after the checksum
  line += std::string(kSum) + checksum(line) + "\"}\n";
  if (line.size() > kLineBytes)
    throw Error(Exit::internal, path_ + ": a line of " + std::to_string(line.size()) + " bytes");
  if (!write_all(fd_, line.data(), line.size())) {
    const int error = errno;
    broken_ = ftruncate(fd_, size_) != 0;  // no part of a line stays
    fail(std::string("cannot be written: ") + std::strerror(error));
  }
  if (fdatasync(fd_) != 0) {
    broken_ = true;  // a second fdatasync may succeed without the data being there
    fail(std::string("cannot be synced: ") + std::strerror(errno));
  }
  size_ += static_cast<std::int64_t>(line.size());
  ++seq_;
}

void Journal::append(const Record& r) {
  if (const std::string wrong = check_record(r); !wrong.empty())
    throw Error(Exit::internal, "record " + r.case_id + ": " + wrong);
  append("record", to_json(r));
}

}  // namespace halcyon
