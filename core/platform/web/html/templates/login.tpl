{{%AUTOESCAPE context="HTML"}}{{!
Logging in, and why the last try did not.
  SITE              the site's host
  FAILED            section: FAILED_TITLE FAILED_TEXT, e.g. "The login was declined at GitHub", "The link has
                    expired", "GitHub does not know this address of ours"; what is true now and what to do
  GITHUB            section: GitHub is set up: LOGIN_URL
  LINK              section: what to do without GitHub
}}<h1>Log in to {{SITE}}</h1>
{{#FAILED}}
<div class="note warn" role="alert"><h2>{{FAILED_TITLE}}</h2><p>{{FAILED_TEXT}}</p></div>
{{/FAILED}}
{{#GITHUB}}
<p>We ask GitHub for your name and e-mail address, nothing else, and keep no token.</p>
<div class="acts"><a class="btn go" href="{{LOGIN_URL}}">Continue with GitHub</a></div>
<p class="soft">GitHub is not to be reached? On the server, <code>devy-upload web link</code> prints an address that logs you in once.</p>
{{/GITHUB}}
{{#LINK}}
<p>Login by GitHub is not set up. On the server, <code>devy-upload web link</code> prints an address that logs you in: once, within 60 s.</p>
<p class="soft">Set <code>web.client_id</code> and <code>web.client_secret_file</code> for a login by GitHub.</p>
{{/LINK}}
