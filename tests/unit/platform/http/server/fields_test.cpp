#include "core/platform/http/server/fields.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/error.hpp"
#include "core/platform/http/server/form.hpp"
#include "core/platform/http/server/query.hpp"

namespace devy::server {
namespace fields_test {

constexpr Fields::Limits limits{.bytes_max = 100, .fields_max = 3};

std::string refusal_of(std::string_view encoded) {
  try {
    const Fields fields(encoded, limits);
    return "";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), base::ErrorKind::usage);
    EXPECT_EQ(error.code(), "fields_malformed");
    return error.text();
  }
}

ReceivedRequest form_request(std::string content_type, std::string body) {
  ReceivedRequest request;
  request.headers.emplace_back("Content-Type", std::move(content_type));
  request.body = std::move(body);
  return request;
}

TEST(FieldsTest, DecodesNamesAndValues) {
  const Fields fields("a+b=1%2B1+%C3%A4&c&d==", limits);
  EXPECT_EQ(fields.line("a b"), "1+1 ä");
  EXPECT_EQ(fields.line("c"), "");
  EXPECT_EQ(fields.line("d"), "=");
  EXPECT_EQ(fields.line("e"), std::nullopt);
  EXPECT_TRUE(fields.has("c"));
  EXPECT_FALSE(fields.has("e"));
  EXPECT_TRUE(Fields("", limits).all().empty());
  EXPECT_EQ(Fields("&&a=1&", limits).all().size(), 1U);
}

TEST(FieldsTest, RefusesWhatIsNoText) {
  EXPECT_EQ(refusal_of("a=1&b=2&c=3"), "");
  for (const auto* bad : {"a=%", "a=%4", "a=%zz", "a=%ff", "a=%C3", "a=%00", "a=%1b", "a=%7f",
                          "a=%C2%85", "%0a=1", "=1", "a%ff=1"})
    EXPECT_NE(refusal_of(bad), "") << bad;
  EXPECT_EQ(refusal_of("token=secret%00"),
            "unable to read the fields of the request: 'token' has a control character");
}

TEST(FieldsTest, KeepsItsLimits) {
  EXPECT_EQ(refusal_of("a=1&b=2&c=3"), "");
  EXPECT_NE(refusal_of("a=1&b=2&c=3&d=4"), "");
  EXPECT_EQ(refusal_of("a=" + std::string(98, 'x')), "");
  EXPECT_NE(refusal_of("a=" + std::string(99, 'x')), "");
  EXPECT_EQ(refusal_of(std::string(Fields::name_bytes_max, 'n')), "");
  EXPECT_NE(refusal_of(std::string(Fields::name_bytes_max + 1, 'n')), "");
}

TEST(FieldsTest, RefusesANameThatComesTwiceUnlessAskedForAsAList) {
  const Fields fields("id=1&id=2&x=3", limits);
  EXPECT_THROW((void)fields.line("id"), base::Error);
  EXPECT_THROW((void)fields.text("id"), base::Error);
  EXPECT_EQ(fields.list("id"), (std::vector<std::string_view>{"1", "2"}));
  EXPECT_EQ(fields.line("x"), "3");
  EXPECT_TRUE(fields.list("y").empty());
}

TEST(FieldsTest, KeepsLineEndsForTextAreasAlone) {
  const Fields fields("t=a%0D%0Ab%09c%0Dd%0A", limits);
  EXPECT_EQ(fields.text("t"), "a\nb\tc\nd\n");
  EXPECT_THROW((void)fields.line("t"), base::Error);
  EXPECT_THROW((void)fields.list("t"), base::Error);
}

TEST(FieldsTest, ReadsTheQueryOfARequest) {
  ReceivedRequest request;
  request.query = "state=failed";
  EXPECT_EQ(read_query(request).line("state"), "failed");
}

TEST(FieldsTest, ReadsAFormOfTheRightTypeAlone) {
  for (const auto* type :
       {"application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded; charset=UTF-8"})
    EXPECT_EQ(read_form(form_request(type, "a=1")).line("a"), "1") << type;
  for (const auto* type : {"", "text/plain", "multipart/form-data; boundary=x",
                           "application/x-www-form-urlencoded; charset=latin1"})
    EXPECT_THROW((void)read_form(form_request(type, "a=1")), base::Error) << type;
}

TEST(FieldsTest, KeepsTheLimitsOfForms) {
  const std::string type = "application/x-www-form-urlencoded";
  EXPECT_NO_THROW((void)read_form(form_request(type, "a=" + std::string(65'534, 'x'))));
  EXPECT_THROW((void)read_form(form_request(type, "a=" + std::string(65'535, 'x'))), base::Error);
  std::string many;
  for (int i = 0; i < 200; ++i)
    many += "a=1&";
  EXPECT_EQ(read_form(form_request(type, many)).list("a").size(), 200U);
  EXPECT_THROW((void)read_form(form_request(type, many + "b=1")), base::Error);
}

TEST(FieldsTest, DecodesAPartOfAPath) {
  EXPECT_EQ(decoded_path_part("caf%C3%A9+x"), "café+x");
  for (const auto* bad : {"a%2Fb", "%", "a%4", "%zz", "%00", "%0a", "%ff", "a%zz%41"})
    EXPECT_EQ(decoded_path_part(bad), std::nullopt) << bad;
}

}  // namespace fields_test
}  // namespace devy::server
