{{%AUTOESCAPE context="HTML"}}{{!
The frame of logins and errors: nothing around the message. It needs no session and no database.
  PAGE_TITLE        before " · devy"
  APP_CSS_URL APP_JS_URL   asset_url()
  REFRESH           section: the page tries again after 10 s, with or without JavaScript
  CONTENT           include: login, error
  VERSION
}}<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{PAGE_TITLE}} · devy</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{{APP_CSS_URL}}">
<script src="{{APP_JS_URL}}" defer></script>
{{#REFRESH}}
<meta http-equiv="refresh" content="10">
{{/REFRESH}}
</head>
<body class="plain">
<a class="jump" href="#main">Skip to content</a>
<div class="page">
<main id="main" tabindex="-1">
{{>CONTENT}}
</main>
<footer><span>devy-upload {{VERSION}}</span></footer>
</div>
</body>
</html>
