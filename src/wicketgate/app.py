"""The composition root: settings become a store, keys, methods, features and routes. Read it first."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

from starlette.types import ASGIApp, Receive, Scope, Send

from wicketgate import email_syntax
from wicketgate.core.addresses import AddressBook
from wicketgate.core.allowance import MailAllowance
from wicketgate.core.arrivals import Arrivals
from wicketgate.core.clock import Clock, system_clock
from wicketgate.core.devices import Devices
from wicketgate.core.errors import ConfigurationError, StoreUnavailable
from wicketgate.core.events import Observer, Observers
from wicketgate.core.last_use import LastUse
from wicketgate.core.listed_sessions import ListedSessions
from wicketgate.core.one_time import OneTimeLinks
from wicketgate.core.ports import Post, Store
from wicketgate.core.quality import PasswordQuality
from wicketgate.core.session_book import SessionBook
from wicketgate.core.sign_in import SignIn
from wicketgate.crypto.api_tokens import ApiTokenDeriver
from wicketgate.crypto.keys import Key, derive
from wicketgate.crypto.passwords import BcryptHasher
from wicketgate.crypto.ring import api_token_keys, session_keys
from wicketgate.crypto.session_tokens import SessionTokenSigner
from wicketgate.features.account.api import AccountApi
from wicketgate.features.account.flow import ACCOUNT_DELETED, AccountFlow, AccountLetters
from wicketgate.features.api_tokens.api import ApiTokenApi
from wicketgate.features.api_tokens.flow import ApiTokenFlow, TokenLimits
from wicketgate.features.api_tokens.named_api import NamedTokenApi
from wicketgate.features.audit.api import ActivityApi
from wicketgate.features.audit.flow import WEBHOOK, ActivityFlow, AuditKeeper, AuditRules
from wicketgate.features.email.api import EmailApi
from wicketgate.features.email.flow import EmailFlow, EmailLimits
from wicketgate.features.email.letters import EmailLetters
from wicketgate.features.notices.flow import NOTICE, NoticeKeeper, NoticeLetters
from wicketgate.features.profile.api import ProfileApi
from wicketgate.features.profile.flow import ProfileFlow, ProfileLimits
from wicketgate.features.session.api import SessionApi
from wicketgate.features.session.flow import SessionFlow
from wicketgate.features.session_list.api import SessionListApi
from wicketgate.features.session_list.flow import SessionListFlow
from wicketgate.guesses import choice as guesses
from wicketgate.logs import Log, Write, to_logging
from wicketgate.mail import choice as mail
from wicketgate.mail.console import Console
from wicketgate.mail.mail import SendMail
from wicketgate.mail.nobody import Nobody
from wicketgate.mail.office import PostOffice
from wicketgate.methods.password.change import ChangeFlow
from wicketgate.methods.password.flow import HASH, PasswordFlow, PasswordRules
from wicketgate.methods.password.method import PasswordMethod
from wicketgate.methods.password.recovery import RecoveryFlow, RecoveryRules
from wicketgate.methods.password.signing_up import SignUps
from wicketgate.outbox.webhook import Webhook
from wicketgate.outbox.worker import OutboxWorker
from wicketgate.settings import RECOMMENDED_BCRYPT_COST, Settings
from wicketgate.stores.choice import open_store
from wicketgate.watching import choice as watching
from wicketgate.watching.watch import Watches
from wicketgate.web import health, openapi, static_files
from wicketgate.web.cookies import SessionCookies
from wicketgate.web.cors import Cors
from wicketgate.web.dispatch import Dispatcher
from wicketgate.web.docs import DocsApi
from wicketgate.web.endpoint import Endpoint
from wicketgate.web.guard import Guard
from wicketgate.web.middleware.client import Client
from wicketgate.web.middleware.headers import SecurityHeaders
from wicketgate.web.middleware.https import HttpsOnly
from wicketgate.web.middleware.log import RequestLog
from wicketgate.web.pages import Features, Look, Pages
from wicketgate.web.sent import SentPage
from wicketgate.web.views import ConfirmingView, View, user_view


class Wicketgate:
    """The service as one ASGI application, to be served by itself or mounted in another.

    Without settings they come from the environment; without a store it is the one that they name. Raises
    ConfigurationError when the settings do not do. Works on any event loop, and on several one after another.

    Mail goes the way that the settings name, or by the function `send_mail`; with False there is none. `post` takes
    letters instead, before they are written out.
    """

    _lives = 0
    """How many have started the service and not stopped it."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        store: Store | None = None,
        clock: Clock = system_clock,
        write_log: Write | None = None,
        watches: Watches | None = None,
        post: Post | None = None,
        send_mail: SendMail | Literal[False] | None = None,
    ) -> None:
        self.settings = settings or Settings.from_env()
        self._clock = clock
        self._watches = watches or watching.chosen(self.settings)
        self.store = self._watches.over_store(store or open_store(self.settings, self._watches.count_units()))
        self.log = Log(self._watches.over_log(write_log or to_logging(logging.getLogger("wicketgate"))))
        self.post = self._mail(post, send_mail)
        self.outbox = OutboxWorker(self.store, clock, self.log.note)
        self.observe = Observers(self.log.security, self._audit(), *self._notices(), note=self.log.note)
        self._hasher = BcryptHasher(self.settings.bcrypt_cost, queue=self.settings.hash_queue_size)
        keys = session_keys(self.settings)
        self.links = OneTimeLinks(self.store, [derive(key.secret, "wicketgate links") for key in keys], clock)
        self._api_tokens = ApiTokenDeriver(api_token_keys(self.settings), self.settings.api_token_prefix)
        self.cookies = SessionCookies(production=self.settings.production, max_age=self.settings.session_seconds)
        last_use = LastUse(self.store, self.outbox, clock)
        self.sessions = self._session_book(keys, last_use)
        self.api_tokens = self._api_token_flow(last_use)
        self.sign_in = self._sign_in([derive(key.secret, "wicketgate device") for key in keys])
        self.passwords = self._password_flow()
        self.password_changes = ChangeFlow(self.store, self.passwords, self.sign_in, self.observe)
        self.recovery = self._recovery()
        self.addresses = self._address_book()
        self.view: View = ConfirmingView(clock) if self.addresses.confirms else user_view
        self.profiles = self._profile_flow()
        self.accounts = self._account_flow()
        self.guard = Guard(self.sessions, self.cookies, self.settings.own_origin, self.settings.other_origins)
        self.endpoints = (*self._endpoints(), *self._optional_endpoints())
        served = (*self.endpoints, *DocsApi(self.openapi).endpoints(), *self._pages(), *self._sent())
        self._app = self._wrapped(Dispatcher(served, self.guard, Cors(self.settings.other_origins)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection."""
        if scope["type"] == "http":
            await self._app(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    @asynccontextmanager
    async def lifespan(self, app: object = None) -> AsyncGenerator[None]:
        """Starts and stops the service: for the application that mounts it, since ASGI passes no lifespan on."""
        await self.start()
        try:
            yield
        finally:
            await self.stop()

    async def start(self) -> None:
        """Checks the store. Raises StoreMisconfigured. One that does not answer now may do so later.

        Requests are served without this, too: whatever they need is opened when it is first used.
        """
        if self.settings.production and self.settings.bcrypt_cost < RECOMMENDED_BCRYPT_COST:
            self.log.note("weak_setting", f"BCRYPT_COST is {self.settings.bcrypt_cost}", "warning")
        try:
            await self.store.check()
        except StoreUnavailable as error:
            self.log.note("store_unavailable", str(error), "warning")
        self.outbox.start()
        self._lives += 1

    async def stop(self) -> None:
        """Lets go of the store and the hashing threads, once nobody who started the service is left.

        It can be started again.
        """
        self._lives -= 1
        if self._lives > 0:
            return
        self._lives = 0
        await self.outbox.stop()
        await self.store.close()
        self._hasher.close()

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI 3.1 document as JSON values."""
        from importlib.metadata import version  # a tenth of a start, for who reads the document

        return openapi.document(self.endpoints, self.cookies, version("wicketgate"))

    def lead_mail_to(self, origin: str) -> None:
        """Has links in mail lead to where the service is reached, unless `PUBLIC_URL` says where that is."""
        if isinstance(self.post, PostOffice) and self.settings.own_origin is None:
            self.post.templates.lead_to(origin)

    def _mail(self, post: Post | None, send_mail: SendMail | Literal[False] | None) -> Post | None:
        chosen = post or mail.chosen(self.settings, send_mail)
        if chosen is None and self.settings.email_verification == "required":
            raise ConfigurationError("EMAIL_VERIFICATION is required, which needs mail: set SMTP_HOST")
        return chosen

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self.start()
        except Exception as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    def _audit(self) -> AuditKeeper:
        settings = self.settings
        if settings.audit_webhook_url:
            webhook = Webhook(settings.audit_webhook_url, settings.webhook_key, self._clock)
            self.outbox.serve({WEBHOOK: webhook.deliver})
        rules = AuditRules(settings.audit_days, settings.audit_logins, webhook=settings.audit_webhook_url is not None)
        return AuditKeeper(self.store, self.outbox, self.outbox, self._clock, rules, self.log.note)

    def _notices(self) -> Sequence[Observer]:
        if self.post is None:
            return ()
        letters = NoticeLetters(self.store, self.post, self._clock, self.settings.notice_limit)
        self.outbox.serve({NOTICE: letters.send})
        return (NoticeKeeper(self.outbox, self._clock, self.settings.security_notices, self.log.note),)

    def _session_book(self, keys: Sequence[Key], last_use: LastUse) -> SessionBook:
        lifetime = self.settings.session_seconds
        tokens = SessionTokenSigner(keys, self.settings.own_origin or "wicketgate")
        if self.settings.session_list:
            return ListedSessions(self.store, self.store, tokens, self._clock, lifetime, last_use)
        return SessionBook(self.store, self.store, tokens, self._clock, lifetime)

    def _api_token_flow(self, last_use: LastUse) -> ApiTokenFlow:
        settings, limit = self.settings, self.settings.user_limit
        # Replacing the first token is a change like others, unless it leaves something that waits to be sent.
        leaves = (self.post is not None and "token" in settings.security_notices) or settings.audit_webhook_url
        limits = TokenLimits(limit, limit if leaves else limit._replace(most=0))
        window = settings.rate_limit_window_ms
        return ApiTokenFlow(self.store, self._api_tokens, self._clock, self.observe, last_use, window, limits)

    def _session_list(self) -> Sequence[Endpoint]:
        if not self.settings.session_list:
            return ()
        return SessionListApi(SessionListFlow(self.store, self._clock, self.observe), self.cookies).endpoints()

    def _activity(self) -> Sequence[Endpoint]:
        days = self.settings.audit_days
        return ActivityApi(ActivityFlow(self.store, self._clock, days)).endpoints() if days > 0 else ()

    def _address_book(self) -> AddressBook:
        settings = self.settings
        writes = self.post is not None
        return AddressBook(
            self.store,
            self.links,
            self.outbox,
            self._clock,
            (HASH,),
            confirms=writes and settings.email_verification != "off",
            tells=writes and "email" in settings.security_notices,
        )

    def _profile_flow(self) -> ProfileFlow:
        limits = ProfileLimits(self.settings.signup_limit, self.settings.mail_limit)
        return ProfileFlow(self.store, self.addresses, email_syntax.normalised, self._clock, self.observe, limits)

    def _account_flow(self) -> AccountFlow:
        tells = self.post is not None
        self.outbox.serve({ACCOUNT_DELETED: AccountLetters(self.store, self.post or Nobody(), self._clock).deleted})
        return AccountFlow(
            self.store,
            self.sessions,
            self.passwords.prove,
            self.outbox,
            self._clock,
            self.observe,
            self.settings.mail_limit,
            tells=tells,
        )

    def _optional_endpoints(self) -> Sequence[Endpoint]:
        return (*self._session_list(), *self._activity(), *self._email())

    def _email(self) -> Sequence[Endpoint]:
        if self.post is None:
            return ()
        settings = self.settings
        allowance = MailAllowance(self.store, settings.address_limit, self._clock)
        letters = EmailLetters(self.store, self.links, self.post, allowance, self._clock)
        self.outbox.serve(letters.handlers)
        flow = EmailFlow(
            self.store,
            self.links,
            self.addresses,
            self.outbox,
            email_syntax.normalised,
            self._clock,
            self.observe,
            EmailLimits(links=settings.link_limit, mails=settings.mail_limit),
        )
        return EmailApi(flow).endpoints(confirms=self.addresses.confirms)

    def _sign_in(self, device_keys: Sequence[bytes]) -> SignIn:
        devices = Devices(device_keys, self._clock) if self.settings.device_cookies else None
        # Where mail is only shown, to whoever develops here, a login stores nothing for its sake.
        tells = self.post is not None and self._console is None and "sign_in" in self.settings.security_notices
        arrivals = Arrivals(self.store, self.outbox, self.observe) if tells else None
        return SignIn(self.sessions, self._api_tokens, devices, arrivals)

    def _recovery(self) -> RecoveryFlow:
        settings = self.settings
        return RecoveryFlow(
            store=self.store,
            links=self.links,
            jobs=self.outbox,
            post=self.post or Nobody(),
            allowance=MailAllowance(self.store, settings.address_limit, self._clock),
            new_passwords=self.passwords.new_passwords,
            syntax=email_syntax.normalised,
            clock=self._clock,
            observe=self.observe,
            rules=RecoveryRules(settings.mail_limit, settings.link_limit),
        )

    def _password_method(self) -> PasswordMethod:
        post = self.post or Nobody()
        allowance = MailAllowance(self.store, self.settings.address_limit, self._clock)
        sign_ups = SignUps(self.store, self.outbox, post, allowance, self._clock, self.observe)
        method = PasswordMethod(self.passwords, self.password_changes, self.recovery, sign_ups)
        self.outbox.serve(method.handlers)
        return method

    def _password_flow(self) -> PasswordFlow:
        settings = self.settings
        return PasswordFlow(
            store=self.store,
            hasher=self._watches.over_hasher(self._hasher, self._hasher.threads),
            jobs=self.outbox,
            sign_in=self.sign_in,
            syntax=email_syntax.normalised,
            clock=self._clock,
            observe=self.observe,
            rules=PasswordRules(
                signup_limit=settings.signup_limit,
                login_limit=settings.login_limit,
                account_limit=settings.account_limit,
                device_limit=settings.device_limit,
                user_limit=settings.user_limit,
                quality=PasswordQuality(
                    letter_and_digit=settings.password_letter_and_digit,
                    common=guesses.common(settings),
                    product_name=settings.product_name,
                    breaches=guesses.breaches(settings, self._clock, self.log.note),
                ),
                verification=settings.email_verification if self.post is not None else "off",
            ),
        )

    def _endpoints(self) -> Sequence[Endpoint]:
        return (
            *self._password_method().endpoints(self.cookies, self.view, mail=self.post is not None),
            *SessionApi(SessionFlow(self.sessions, self.observe), self.cookies).endpoints(),
            *ProfileApi(self.profiles, self.sessions, self.cookies, self.view).endpoints(),
            *AccountApi(self.accounts, self.cookies).endpoints(),
            *ApiTokenApi(self.api_tokens, self.view).endpoints(),
            *NamedTokenApi(self.api_tokens).endpoints(),
            *health.HealthApi(self.store).endpoints(),
        )

    def _pages(self) -> Sequence[Endpoint]:
        settings = self.settings
        bundle = static_files.built() if settings.pages else None
        if bundle is None:
            return ()
        look = Look(
            settings.product_name, Path(settings.logo_file) if settings.logo_file else None, settings.accent_color
        )
        features = Features(
            mail=self.post is not None,
            email_verification=self.addresses.confirms,
            session_list=settings.session_list,
            activity=settings.audit_days > 0,
        )
        return Pages(bundle, look, features, self.sessions, self.cookies).endpoints()

    def _sent(self) -> Sequence[Endpoint]:
        console = self._console
        return SentPage(console).endpoints() if console is not None and not self.settings.production else ()

    @property
    def _console(self) -> Console | None:
        return self.post.console if isinstance(self.post, PostOffice) else None

    def _wrapped(self, app: ASGIApp) -> ASGIApp:
        settings = self.settings
        if settings.production:
            app = HttpsOnly(app, settings.own_origin, health.PATHS)
        app = Client(app, settings.trusted_networks)
        guarded = SecurityHeaders(app, production=settings.production, subdomains=settings.hsts_subdomains)
        return self._watches.over_app(RequestLog(guarded, self.log, guarded.over))
