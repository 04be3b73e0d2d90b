#include "core/files/intake/multipart.hpp"

#include <gtest/gtest.h>

namespace devy::intake {
namespace multipart_test {

// "[name|file|type]bytes" for each part.
class KeptParts : public FormHandler {
 public:
  void begin_part(const FormPart& part) override {
    text += "[" + part.name + "|" + part.filename.value_or("-") + "|" + part.type + "]";
  }
  void part_bytes(std::string_view bytes) override { text += bytes; }
  void end_part() override { text += ";"; }
  std::string text;
};

constexpr const char* disposition = "Content-Disposition: form-data; ";

std::string read_form_in_pieces(std::string_view body, std::size_t piece) {
  KeptParts kept;
  try {
    MultipartReader reader(kept, "b-1");
    for (std::size_t at = 0; at < body.size(); at += piece)
      reader.add(body.substr(at, piece));
    reader.finish();
  } catch (const Malformed& malformed) {
    return malformed.message();
  }
  return kept.text;
}

// What is read, or why not, whatever the pieces are.
std::string outcome_of(const std::string& body) {
  const auto whole = read_form_in_pieces(body, body.size() + 1);
  for (std::size_t piece = 1; piece < 12; ++piece)
    EXPECT_EQ(read_form_in_pieces(body, piece), whole) << "in pieces of " << piece;
  return whole;
}

std::string part(const std::string& head, const std::string& bytes) {
  return "--b-1\r\n" + head + "\r\n\r\n" + bytes + "\r\n";
}

std::string one_head(const std::string& head) {
  return outcome_of(part(head, "x") + "--b-1--\r\n");
}

TEST(MultipartReader, ReadsFieldsAndFilesInPiecesOfAnySize) {
  EXPECT_EQ(
      outcome_of(part(std::string(disposition) + "name=\"a\"", "1") +
                 part("content-type: text/plain\r\ncontent-disposition: form-data; "
                      "filename=\"b.txt\"; name=f",
                      "two\r\n--b-\r\n--b\r\r\n") +
                 part(std::string(disposition) + "name=\"e\"; filename=\"\"", "") + "--b-1--"),
      "[a|-|]1;[f|b.txt|text/plain]two\r\n--b-\r\n--b\r\r\n;[e||];");
}

TEST(MultipartReader, ReadsNamesAsBrowsersAndCurlWriteThem) {
  const std::string named = std::string(disposition) + "name=\"f\"; filename=";
  EXPECT_EQ(one_head(named + "\"a%22b;c.txt\""), "[f|a\"b;c.txt|]x;");
  EXPECT_EQ(one_head(named + "\"a\\\"b\\\\c\""), "[f|a\"b\\c|]x;");
  EXPECT_EQ(one_head(named + "\"C:\\x.txt\""), "[f|C:\\x.txt|]x;");
  EXPECT_EQ(one_head(named + "\"\xC3\xA4 100%.txt\""), "[f|\xC3\xA4 100%.txt|]x;");
}

TEST(MultipartReader, RefusesWhatMayBeReadInTwoWays) {
  const std::string named = std::string(disposition) + "name=\"f\"";
  EXPECT_EQ(one_head(named + "; name=\"g\""), "A part has two names.");
  EXPECT_EQ(one_head(named + "; filename=a; filename=b"), "A part has two names of a file.");
  EXPECT_EQ(one_head(named + "; filename*=UTF-8''a"),
            "A part has parameters other than name and filename.");
  EXPECT_EQ(one_head(named + "; filename=\"a"), "A text in the headers of a part has no end.");
  EXPECT_EQ(one_head(named + "\r\n" + named), "A part has a header twice.");
  EXPECT_EQ(one_head(named + "\r\n folded"), "A header of a part is malformed.");
  EXPECT_EQ(one_head(named + "\r\nContent-Transfer-Encoding: base64"),
            "A part is encoded; send it as it is.");
  EXPECT_EQ(one_head("Content-Type: text/plain"), "A part has no Content-Disposition.");
  EXPECT_EQ(one_head("Content-Disposition: attachment; name=a"), "Each part must be form-data.");
  EXPECT_EQ(one_head(std::string(disposition) + "filename=a"), "A part has no name.");
}

TEST(MultipartReader, RefusesABodyThatIsNotWhole) {
  const auto whole = part(std::string(disposition) + "name=a", "1") + "--b-1--\r\n";
  EXPECT_EQ(outcome_of("preamble\r\n" + whole), "The body must begin with its boundary.");
  EXPECT_EQ(outcome_of(whole + "x"), "Nothing may stand behind the last boundary.");
  EXPECT_EQ(outcome_of(part(std::string(disposition) + "name=a", "1") + "--b-1xy"),
            "Only a line end or two dashes may stand behind a boundary.");
  for (std::size_t bytes = 0; bytes + 2 < whole.size(); ++bytes)
    EXPECT_EQ(read_form_in_pieces(whole.substr(0, bytes), 5), "The body ends too early.") << bytes;
}

TEST(MultipartReader, BoundsHeadersAndParts) {
  EXPECT_EQ(one_head("X: " + std::string(MultipartReader::head_bytes_max, 'x')),
            "The headers of a part are too long.");
  std::string many;
  for (std::size_t count = 0; count <= MultipartReader::parts_max; ++count)
    many += part(std::string(disposition) + "name=a", "");
  EXPECT_EQ(read_form_in_pieces(many + "--b-1--", many.size() + 7), "These are too many parts.");
}

TEST(BoundaryTest, IsOneThatMayBe) {
  EXPECT_EQ(boundary_of("multipart/form-data; boundary=----WebKitFormBoundaryX7"),
            "----WebKitFormBoundaryX7");
  EXPECT_EQ(boundary_of("Multipart/Form-Data;BOUNDARY=\"a?b\""), "a?b");
  for (const char* type : {"multipart/form-data", "multipart/mixed; boundary=a",
                           "multipart/form-data; boundary=", "multipart/form-data; boundary=a b",
                           "multipart/form-data; boundary=a; charset=x",
                           "application/x-www-form-urlencoded; boundary=a"})
    EXPECT_EQ(boundary_of(type), std::nullopt) << type;
  EXPECT_EQ(boundary_of("multipart/form-data; boundary=" + std::string(71, 'a')), std::nullopt);
}

}  // namespace multipart_test
}  // namespace devy::intake
