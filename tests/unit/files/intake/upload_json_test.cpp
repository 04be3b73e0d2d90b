#include "core/files/intake/upload_json.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "core/platform/base/base64.hpp"

namespace devy::intake {
namespace upload_json_test {

class Kept : public UploadHandler {
 public:
  void begin_file() override { contents.emplace_back(); }
  void content(std::string_view bytes) override { contents.back() += bytes; }
  void end_file(const std::string& name) override { names.push_back(name); }
  std::vector<std::string> names, contents;
};

Kept read_in_pieces(std::string_view json, std::size_t piece) {
  Kept kept;
  UploadReader reader(kept);
  for (std::size_t at = 0; at < json.size(); at += piece)
    reader.add(json.substr(at, piece));
  reader.finish();
  return kept;
}

// "0 content: Comes twice."
std::string refusal_of(std::string_view json) {
  std::string first;
  for (const std::size_t piece : {json.size(), std::size_t{1}, std::size_t{3}}) {
    std::string text = "read";
    try {
      static_cast<void>(read_in_pieces(json, piece));
    } catch (const Malformed& malformed) {
      text = (malformed.file() ? std::to_string(*malformed.file()) + " " : "") + malformed.field() +
             ": " + malformed.message();
    }
    if (first.empty()) first = text;
    EXPECT_EQ(text, first) << json << " in pieces of " << piece;
  }
  return first;
}

TEST(UploadReader, ReadsFilesInPiecesOfAnySize) {
  const std::string json =
      " [ {\"filename\" : \"a.txt\", \"content\":\"aGVsbG8=\"},\r\n"
      "{\"content\":\"\",\"filename\":\"empty\"},{\"content\":\"AAEC\\/+8=\","
      "\"filename\":\"\\u00e4\\ud83d\\ude00\\\"\\\\\\n\"}]\n";
  for (std::size_t piece = 1; piece <= json.size(); ++piece) {
    const auto kept = read_in_pieces(json, piece);
    ASSERT_EQ(kept.names,
              (std::vector<std::string>{"a.txt", "empty", "\xc3\xa4\xf0\x9f\x98\x80\"\\\n"}));
    ASSERT_EQ(kept.contents,
              (std::vector<std::string>{"hello", "", std::string("\0\1\2\xff\xef", 5)}));
  }
}

TEST(UploadReader, ReadsBase64WithLineEndsAndEscapes) {
  for (const auto* json : {"[{\"filename\":\"a\",\"content\":\"aGVs\\r\\nbG8=\"}]",
                           "[{\"filename\":\"a\",\"content\":\" aG Vs bG8 = \"}]",
                           "[{\"filename\":\"a\",\"content\":\"\\u0061GVsbG8=\\n\"}]"})
    EXPECT_EQ(read_in_pieces(json, 1000).contents.front(), "hello") << json;
}

TEST(UploadReader, HandsLongContentOnInSlices) {
  std::string bytes;
  for (int i = 0; i < 1'000'000; ++i)
    bytes += static_cast<char>(i * 31 % 251);
  const auto json = "[{\"content\":\"" + base::encode_base64(bytes) + "\",\"filename\":\"a\"}]";
  for (const std::size_t piece : {std::size_t{1021}, std::size_t{262'144}, json.size()})
    EXPECT_EQ(read_in_pieces(json, piece).contents.front(), bytes);
}

TEST(UploadReader, RefusesWhatIsNoListOfFiles) {
  EXPECT_EQ(refusal_of("{}"), "file: The body must be an array of files.");
  EXPECT_EQ(refusal_of("[]"), "file: There is no file.");
  EXPECT_EQ(refusal_of("[[]]"), "file: A file must be an object.");
  EXPECT_EQ(refusal_of("[{}]"), "0 filename: Is missing.");
  EXPECT_EQ(refusal_of("[{\"filename\":\"a\"}]"), "0 content: Is missing.");
  EXPECT_EQ(refusal_of("[{\"filename\":1}]"), "0 filename: Must be a text.");
  EXPECT_EQ(refusal_of("[{\"filename\":{\"a\":1}}]"), "0 filename: Must be a text.");
  EXPECT_EQ(refusal_of("[{\"filename\":\"a\",\"content\":\"\"},{\"file\":\"\"}]"),
            "1 file: There is no such field; a file has filename and content.");
  EXPECT_EQ(refusal_of("[{\"filename\":\"a\",\"filename\":\"b\"}]"), "0 filename: Comes twice.");
  EXPECT_EQ(refusal_of("[{\"filename\":\"a\",\"content\":\"\"}] x"),
            "file: Nothing may stand behind the array.");
  EXPECT_EQ(refusal_of("[{\"filename\":\"a\",\"content\":\"\"}"), "file: The body ends too early.");
  EXPECT_EQ(refusal_of("[{\"filename\":\"a\",\"content\":\"\"},]"),
            "file: A file must be an object.");
  EXPECT_EQ(refusal_of("[{\"filename\":\"" + std::string(2000, 'a') + "\"}]"),
            "0 filename: The name is too long.");
  EXPECT_EQ(refusal_of("[{\"filename\":\"a\nb\"}]"),
            "0 filename: A control character must be escaped.");
  EXPECT_EQ(refusal_of("[{\"filename\":\"\\ud800\"}]"), "0 filename: Half a character is escaped.");
  EXPECT_EQ(refusal_of("[{\"filename\":\"\\udc00\"}]"), "0 filename: Half a character is escaped.");
  EXPECT_EQ(refusal_of("[{\"filename\":\"\\x\"}]"), "0 filename: There is no such escape.");
}

TEST(UploadReader, RefusesWhatIsNoBase64) {
  const auto refusal = [](const std::string& content) {
    return refusal_of("[{\"filename\":\"a\",\"content\":\"" + content + "\"}]");
  };
  EXPECT_EQ(refusal("aGVsbG8"), "0 content: Is no base64: the padding is wrong.");
  EXPECT_EQ(refusal("aGVsbG8=="), "0 content: Is no base64: the padding is wrong.");
  EXPECT_EQ(refusal("a==="), "0 content: Is no base64: the padding is wrong.");
  EXPECT_EQ(refusal("===="), "0 content: Is no base64: the padding is wrong.");
  EXPECT_EQ(refusal("aGVs="), "0 content: Is no base64: the padding is wrong.");
  EXPECT_EQ(refusal("aG8=aGVs"), "0 content: Is no base64: the padding is not at the end.");
  EXPECT_EQ(refusal("aGVsbG9="), "0 content: Is no base64: bits behind the end are set.");
  EXPECT_EQ(refusal("aGV_"), "0 content: Is no base64.");
}

}  // namespace upload_json_test
}  // namespace devy::intake
