#include "core/publishing/post/date.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/platform/base/time_text.hpp"

namespace devy::post {
namespace date_test {

std::string parsed(std::string_view text, std::string_view zone = "UTC") {
  const auto date = parse_date(text, Timezone::load(zone).value());
  return date ? base::format_rfc3339(date->at) : "none";
}

TEST(ParseDate, ReadsWhatAuthorsWrite) {
  const struct {
    const char* text;
    const char* expected;
  } cases[] = {
      {"2024-01-02", "2024-01-02T00:00:00.000Z"},
      {"2024-1-2", "2024-01-02T00:00:00.000Z"},
      {"2024/01/02", "2024-01-02T00:00:00.000Z"},
      {"2024-01-02T03:04:05Z", "2024-01-02T03:04:05.000Z"},
      {"2024-01-02t03:04:05z", "2024-01-02T03:04:05.000Z"},
      {"2024-01-02T03:04:05.678+08:00", "2024-01-01T19:04:05.678Z"},
      {"2024-01-02 03:04", "2024-01-02T03:04:00.000Z"},
      {"2024-01-02 03:04:05", "2024-01-02T03:04:05.000Z"},
      {"2024-01-02 3:04", "2024-01-02T03:04:00.000Z"},
      {"2024-01-02 03:04:05 +0800", "2024-01-01T19:04:05.000Z"},
      {"2024-01-02 03:04 -0230", "2024-01-02T05:34:00.000Z"},
      {"2024-01-02 03:04:05 UTC", "2024-01-02T03:04:05.000Z"},
      {"2024-01-02T03:04:05.123456789Z", "2024-01-02T03:04:05.123Z"},
      {"Jul 08 2022", "2022-07-08T00:00:00.000Z"},
      {"July 8, 2022", "2022-07-08T00:00:00.000Z"},
      {"8 July 2022", "2022-07-08T00:00:00.000Z"},
      {"Fri, 08 Jul 2022 10:20:30 +0200", "2022-07-08T08:20:30.000Z"},
      {" 2024-02-29 ", "2024-02-29T00:00:00.000Z"},
  };
  for (const auto& [text, expected] : cases)
    EXPECT_EQ(parsed(text), expected) << text;
}

// What JavaScript's Date and Python's dateutil make of the same texts, where they can read them.
TEST(ParseDate, ReadsWhatJekyllHugoZolaHexoAndHashnodeWrite) {
  const struct {
    const char* text;
    const char* expected;
  } cases[] = {
      {"2024-01-02 10:30 PM", "2024-01-02T22:30:00.000Z"},
      {"2024-01-02 10:30:15 p.m.", "2024-01-02T22:30:15.000Z"},
      {"2024-01-02 10pm", "2024-01-02T22:00:00.000Z"},
      {"2024-01-02 12:00 AM", "2024-01-02T00:00:00.000Z"},
      {"2024-01-02 12:30 PM", "2024-01-02T12:30:00.000Z"},
      {"2024-03-04 10:00 EST", "2024-03-04T15:00:00.000Z"},
      {"2024-03-04 10:00 CEST", "2024-03-04T08:00:00.000Z"},
      {"2024-07-04 10:00 America/New_York", "2024-07-04T14:00:00.000Z"},
      {"Tue May 10 2022 12:00:00 GMT+0000 (Coordinated Universal Time)",
       "2022-05-10T12:00:00.000Z"},
      {"Tue May 10 2022 12:00:00 GMT-0700 (Pacific Daylight Time)", "2022-05-10T19:00:00.000Z"},
      {"Tue May 10 12:00:00 2022", "2022-05-10T12:00:00.000Z"},
      {"Tue May 10 12:00:00 UTC 2022", "2022-05-10T12:00:00.000Z"},
      {"Tue May 10 12:00:00 2022 +0200", "2022-05-10T10:00:00.000Z"},
      {"Tue, 10 May 2022 12:00:00 GMT", "2022-05-10T12:00:00.000Z"},
      {"Tuesday, May 10, 2022 at 3:04 PM", "2022-05-10T15:04:00.000Z"},
      {"2013/7/13 20:46:25", "2013-07-13T20:46:25.000Z"},
      {"2013-7-3 9:5", "2013-07-03T09:05:00.000Z"},
      {"2nd of January 2024", "2024-01-02T00:00:00.000Z"},
      {"Jan. 2nd, 2024", "2024-01-02T00:00:00.000Z"},
      {"02-Jan-2024", "2024-01-02T00:00:00.000Z"},
      {"2024-Jan-02", "2024-01-02T00:00:00.000Z"},
      {"20240102", "2024-01-02T00:00:00.000Z"},
      {"20240102T103000Z", "2024-01-02T10:30:00.000Z"},
      {"2024-01-02T10:30:00.123456+0100", "2024-01-02T09:30:00.123Z"},
      {"2024-01-02 10:30:00 -0500 EST", "2024-01-02T15:30:00.000Z"},
      {"2024-01-02 10:30:00 +0000 UTC", "2024-01-02T10:30:00.000Z"},
      {"2024-01-02 10:30 UTC+8", "2024-01-02T02:30:00.000Z"},
      {"2024-01-02, 10:30", "2024-01-02T10:30:00.000Z"},
      {"2024-01-02 Tue 10:30", "2024-01-02T10:30:00.000Z"},
      {"2024.01.02", "2024-01-02T00:00:00.000Z"},
      {"25/12/2024", "2024-12-25T00:00:00.000Z"},
      {"12/25/2024", "2024-12-25T00:00:00.000Z"},
      {"5.5.2024", "2024-05-05T00:00:00.000Z"},
  };
  for (const auto& [text, expected] : cases)
    EXPECT_EQ(parsed(text), expected) << text;
}

TEST(ParseDate, TakesAYearOrAMonthForItsFirstDay) {
  using namespace std::chrono;
  for (const char* text : {"2020", "2020-01", "2020/1", "Jan 2020", "January 2020"}) {
    const auto date = parse_date(text, Timezone());
    ASSERT_TRUE(date) << text;
    EXPECT_EQ(date->day, sys_days{2020y / January / 1}) << text;
  }
}

TEST(ParseDate, GuessesNoMonth) {
  for (const char* text : {"03/04/2024", "3.4.2024", "3-4-2024", "1/2/24", "13/12/24"}) {
    EXPECT_EQ(parsed(text), "none") << text;
    EXPECT_TRUE(is_ambiguous_date(text)) << text;
  }
  for (const char* text : {"2024-03-04", "25/12/2024", "05/05/2024", "soon", "3/4", "40/50/2024"})
    EXPECT_FALSE(is_ambiguous_date(text)) << text;
}

TEST(ParseDate, RefusesWhatIsNoDate) {
  for (const char* text : {"",
                           "soon",
                           "1700000000",
                           "1700000000000",
                           "202401",
                           "2024-",
                           "2024-01-",
                           "2024-13-01",
                           "2024-01-02 13:30 AM",
                           "2024-03-04 10:00 XYZ",
                           "2024-03-04 10:00 Mars/Base",
                           "May 10",
                           "12:30",
                           "2024-01-02T10",
                           "Augustus 2, 2024",
                           "0",
                           "-2024",
                           "Tuesday",
                           "true",
                           "2023-02-29",
                           "2024-01-02T",
                           "2024-01-02 25:00",
                           "2024-01-02 03:60",
                           "2024-01-02 03:04 +99:00",
                           "2024-01-02 rest",
                           "2024-01-02T03:04:05Zx",
                           "0000-01-01",
                           "12345678901234567890",
                           "Ju 8 2022"})
    EXPECT_EQ(parsed(text), "none") << text;
}

TEST(ParseDate, TakesTheZoneWhereThereIsNoOffset) {
  EXPECT_EQ(parsed("2024-01-02", "Europe/Berlin"), "2024-01-01T23:00:00.000Z");
  EXPECT_EQ(parsed("2024-07-02 12:00", "Europe/Berlin"), "2024-07-02T10:00:00.000Z");
  EXPECT_EQ(parsed("2024-07-02 12:00Z", "Europe/Berlin"), "2024-07-02T12:00:00.000Z");
}

TEST(ParseDate, KnowsADayFromAMoment) {
  using namespace std::chrono;
  const auto berlin = Timezone::load("Europe/Berlin").value();
  for (const char* text :
       {"2024-01-02", "2024/1/2", "Jan 2, 2024", "2 January 2024", "2024-01-02 "})
    EXPECT_EQ(parse_date(text, berlin).value().day, sys_days{2024y / January / 2}) << text;
  for (const char* text : {"2024-01-02 00:00", "2024-01-02T00:00:00Z", "2024-01-02 3:04 +0800"})
    EXPECT_EQ(parse_date(text, berlin).value().day, std::nullopt) << text;
}

// Midnight of that day never was: the clocks went from 24:00 to 01:00.
TEST(ParseDate, StartsADayAtItsFirstMoment) {
  EXPECT_EQ(parsed("2017-10-15", "America/Sao_Paulo"), "2017-10-15T03:00:00.000Z");
  EXPECT_EQ(parsed("2011-12-31", "Pacific/Apia"), "2011-12-30T10:00:00.000Z");
}

// PostgreSQL would refuse the whole upload for one of them.
TEST(ParseDate, RefusesMomentsOutsideTheYearsThatCanBeStored) {
  EXPECT_EQ(parsed("0001-01-01"), "0001-01-01T00:00:00.000Z");
  EXPECT_EQ(parsed("9999-12-31 23:59:59"), "9999-12-31T23:59:59.000Z");
  EXPECT_EQ(parsed("0001-01-01", "Asia/Tokyo"), "none");
  EXPECT_EQ(parsed("9999-12-31", "Etc/GMT+12"), "9999-12-31T12:00:00.000Z");
  EXPECT_EQ(parsed("9999-12-31 12:00", "Etc/GMT+12"), "none");
  EXPECT_EQ(parsed("9999-12-31T23:59:59-00:01"), "none");
  const std::chrono::sys_days first{std::chrono::year{1} / 1 / 1};
  EXPECT_TRUE(written_day(first, Timezone()));
  EXPECT_FALSE(written_day(first, Timezone::load("Asia/Tokyo").value()));
}

TEST(Timezone, KnowsTheDayAtAMoment) {
  using namespace std::chrono;
  const auto at = [](const char* zone, const char* time) {
    return Timezone::load(zone).value().day_at(base::parse_rfc3339(time).value());
  };
  EXPECT_EQ(at("Europe/Berlin", "2024-01-01T23:00:00Z"), sys_days{2024y / January / 2});
  EXPECT_EQ(at("Europe/Berlin", "2024-01-01T22:59:59Z"), sys_days{2024y / January / 1});
  EXPECT_EQ(at("America/New_York", "2024-07-02T03:59:59Z"), sys_days{2024y / July / 1});
  EXPECT_EQ(at("UTC", "1969-12-31T23:59:59.9Z"), sys_days{1969y / December / 31});
}

TEST(Timezone, KnowsTheRulesOfEveryYear) {
  const struct {
    const char* zone;
    const char* wall;
    const char* expected;
  } cases[] = {
      {"America/New_York", "2024-03-10 01:59", "2024-03-10T06:59:00.000Z"},
      {"America/New_York", "2024-03-10 03:00", "2024-03-10T07:00:00.000Z"},
      {"America/New_York", "2090-07-01 12:00", "2090-07-01T16:00:00.000Z"},  // past the table
      {"America/New_York", "2090-01-01 12:00", "2090-01-01T17:00:00.000Z"},
      {"Australia/Sydney", "2090-01-01 12:00", "2090-01-01T01:00:00.000Z"},
      {"Australia/Sydney", "2090-07-01 12:00", "2090-07-01T02:00:00.000Z"},
      {"Asia/Kolkata", "2024-01-02 05:30", "2024-01-02T00:00:00.000Z"},
      {"Asia/Shanghai", "2050-01-02 08:00", "2050-01-02T00:00:00.000Z"},
      {"Pacific/Kiritimati", "2024-01-02", "2024-01-01T10:00:00.000Z"},
      {"Etc/GMT+5", "2024-01-02", "2024-01-02T05:00:00.000Z"},
      {"Europe/London", "1970-06-01 12:00", "1970-06-01T11:00:00.000Z"},
  };
  for (const auto& [zone, wall, expected] : cases)
    EXPECT_EQ(parsed(wall, zone), expected) << zone << ' ' << wall;
}

TEST(Timezone, DecidesWhereAnHourIsSkippedOrComesTwice) {
  EXPECT_EQ(parsed("2024-03-31 02:30", "Europe/Berlin"), "2024-03-31T01:30:00.000Z");
  EXPECT_EQ(parsed("2024-10-27 02:30", "Europe/Berlin"), "2024-10-27T00:30:00.000Z");
  EXPECT_EQ(parsed("2090-03-26 02:30", "Europe/Berlin"), "2090-03-26T01:30:00.000Z");
}

TEST(Timezone, KnowsOnlyNames) {
  for (const char* name : {"", "Mars/Base", "../zoneinfo/UTC", "/etc/passwd", "Europe", "utc\n",
                           "tzdata.zi", "Europe/../UTC", "zone.tab"})
    EXPECT_FALSE(Timezone::load(name)) << name;
}

}  // namespace date_test
}  // namespace devy::post
