#pragma once
// Shapes the JSON document that a verb prints: sorted by --sort, filtered by --jq, or one
// line for each element. It works on the text of the document, so it is the same for every verb.
// The only user of libjq. Throws Error(usage) for a filter or a field that the document does not
// have; pure otherwise.

#include <optional>
#include <streambuf>
#include <string>
#include <vector>

namespace devy::cli {

struct DocumentShape {
  enum class Form { document, lines, names };
  Form form = Form::document;
  std::string name_field = {};         // of Form::names: the field that names an element
  std::vector<std::string> sort = {};  // fields; "-created" is the other way round
  std::optional<std::string> jq = {};
  bool is_for_terminal = false;  // texts are made safe, and documents indented

  // Whether a document is printed as it is.
  [[nodiscard]] bool is_plain() const { return form == Form::document && sort.empty() && !jq; }
};

// Returns what is printed instead of the document, with a newline at its end.
[[nodiscard]] std::string shape_document(const std::string& document, const DocumentShape& shape);

// Keeps what is written, up to a limit that no document of a verb reaches; then writing fails.
class DocumentBuffer : public std::streambuf {
 public:
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool is_over() const { return is_over_; }

 protected:
  int_type overflow(int_type character) override;
  std::streamsize xsputn(const char* bytes, std::streamsize count) override;

 private:
  std::string text_;
  bool is_over_ = false;
};

}  // namespace devy::cli
