#include "core/publishing/markdown/prescan.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "core/platform/base/ascii.hpp"
#include "core/publishing/markdown/plain_text.hpp"

namespace devy::markdown {
namespace {

bool is_line_blank(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\v' || byte == '\f';
}

// "- - - -", "***": a rule however many.
bool is_rule(std::string_view line) {
  char mark = 0;
  for (const char byte : line) {
    if (is_line_blank(byte)) continue;
    if (mark == 0) mark = byte;
    if (byte != mark || (mark != '-' && mark != '*' && mark != '_')) return false;
  }
  return mark != 0;
}

struct Prefix {
  std::size_t containers = 0;
  std::size_t end = 0;  // where the text begins
};

Prefix container_prefix(std::string_view line) {
  Prefix prefix;
  while (prefix.end < line.size()) {
    std::size_t at = prefix.end;
    while (at < line.size() && is_line_blank(line[at]))
      ++at;
    if (at == line.size()) break;
    const char byte = line[at];
    if (byte == '>') {
      prefix.end = at + 1;
      ++prefix.containers;
      continue;
    }
    while (at < line.size() && base::is_digit(line[at]))
      ++at;
    const bool is_item = base::is_digit(byte)
                             ? at < line.size() && (line[at] == '.' || line[at] == ')')
                             : byte == '-' || byte == '*' || byte == '+';
    const bool has_space =
        at + 1 == line.size() || (at + 1 < line.size() && is_line_blank(line[at + 1]));
    if (!is_item || !has_space) break;
    prefix.end = at + 1;
    ++prefix.containers;
  }
  return prefix;
}

// Columns of a table's delimiter row, else 0.
std::size_t delimiter_columns(std::string_view row) {
  std::size_t pipes = 0;
  bool has_dash = false;
  for (const char byte : row) {
    if (byte == '|') ++pipes;
    else if (byte == '-') has_dash = true;
    else if (byte != ':' && !is_line_blank(byte)) return 0;
  }
  return has_dash ? pipes + 1 : 0;
}

// A construct that cmark looks for the end of from each of its beginnings.
struct Construct {
  std::string_view opening, closing;
};
constexpr std::array constructs{Construct{"<?", "?>"}, Construct{"<!", ">"},
                                Construct{"<![CDATA[", "]]>"}};

std::size_t count_of(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (auto at = text.find(what); at != std::string_view::npos;
       at = text.find(what, at + what.size()))
    ++count;
  return count;
}

class ConstructScan {
 public:
  explicit ConstructScan(std::string_view text) : text_(text) {}

  std::optional<PrescanProblem> run() {
    for (std::size_t at = 0; at < text_.size();) {
      const auto newline = std::min(text_.find('\n', at), text_.size());
      ++line_;
      visit_line(text_.substr(at, newline - at), at);
      if (problem_) return problem_;
      at = newline + 1;
    }
    end_run(text_.size());
    if (!problem_) check_references();
    return problem_;
  }

 private:
  void fail(std::string message, std::size_t line) {
    if (!problem_) problem_ = {static_cast<std::uint32_t>(line), std::move(message)};
  }

  void visit_line(std::string_view line, std::size_t at) {
    const Prefix prefix = container_prefix(line);
    const std::string_view rest = line.substr(prefix.end);
    if (prefix.containers > line_containers_max && !is_rule(line))
      fail("more than " + std::to_string(line_containers_max) +
               " quotes and lists begin on one line",
           line_);
    if (std::ranges::all_of(rest, is_line_blank)) {
      if (prefix.containers == 0) end_run(at);
      else columns_ = 0;
      return;
    }
    if (!is_in_run_) {
      is_in_run_ = true;
      run_begin_ = at;
      run_line_ = line_;
    }
    cells_ += columns_;
    if (cells_ > table_cells_max)
      fail("tables of more than " + std::to_string(table_cells_max) + " cells", line_);
    columns_ = std::max(columns_, delimiter_columns(rest));
    note_reference(rest, line.size());
  }

  // A run of lines without a blank one: no inline construct and no table reaches beyond it.
  void end_run(std::size_t end) {
    columns_ = 0;
    if (!is_in_run_) return;
    is_in_run_ = false;
    const std::string_view run = text_.substr(run_begin_, end - run_begin_);
    constexpr std::size_t harmless_bytes = 8'192;  // squared, a few milliseconds
    if (run.size() < harmless_bytes) return;
    for (const auto& construct : constructs) {
      const auto closed = run.rfind(construct.closing);
      const auto open = run.substr(closed == std::string_view::npos ? 0 : closed);
      if (count_of(open, construct.opening) * open.size() / 2 > scan_steps_max)
        fail("too many '" + std::string(construct.opening) + "' that are never closed", run_line_);
    }
    // Each link deactivates brackets back through all images that are still open.
    constexpr std::size_t steps_a_pair = 4;
    const std::size_t images = count_of(run, "![");
    if (images != 0 && images * count_of(run, "](") * steps_a_pair > scan_steps_max)
      fail("too many images and links in one paragraph", run_line_);
  }

  // "[label]: address" may be used again and again; only long ones can hurt.
  void note_reference(std::string_view rest, std::size_t line_bytes) {
    constexpr std::size_t harmless_bytes = 200;
    if (line_bytes < harmless_bytes) return;
    const auto begin = rest.find_first_not_of(" \t");
    if (begin == std::string_view::npos || rest[begin] != '[') return;
    const auto end = rest.find("]:", begin);
    if (end == std::string_view::npos) return;
    const auto label = base::to_lower(plain_text(rest.substr(begin + 1, end - begin - 1)));
    references_.try_emplace(label, Reference{rest.size() - end, line_});
  }

  void check_references() {
    if (references_.empty()) return;
    std::size_t bytes = 0;
    for (auto open = text_.find('['); open != std::string_view::npos;) {
      // A label has no bracket in it, so each is looked at once.
      const auto close = text_.find_first_of("[]", open + 1);
      if (close == std::string_view::npos) return;
      if (text_[close] == ']') {
        const auto label = text_.substr(open + 1, close - open - 1);
        const auto found = references_.find(base::to_lower(plain_text(label)));
        if (found != references_.end()) bytes += found->second.bytes;
        if (found != references_.end() && bytes > reference_bytes_max)
          fail("link references expand to more than " + std::to_string(reference_bytes_max) +
                   " bytes",
               found->second.line);
      }
      open = text_[close] == '[' ? close : text_.find('[', close);
    }
  }

  struct Reference {
    std::size_t bytes = 0, line = 0;
  };

  std::string_view text_;
  std::size_t line_ = 0, run_begin_ = 0, run_line_ = 0;
  bool is_in_run_ = false;
  std::size_t columns_ = 0, cells_ = 0;
  std::unordered_map<std::string, Reference> references_;
  std::optional<PrescanProblem> problem_;
};

}  // namespace

std::optional<PrescanProblem> prescan(std::string_view markdown) {
  return ConstructScan(markdown).run();
}

}  // namespace devy::markdown
