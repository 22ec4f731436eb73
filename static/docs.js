// Swagger UI takes its dark look from a class; ours follows the system.
const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();

addEventListener('DOMContentLoaded', () => {
  SwaggerUIBundle({
    url: '/openapi.json',
    dom_id: '#swagger-ui',
    // Links inside of buttons can't be reached with a screen reader; the reference has an anchor for every route.
    deepLinking: false,
    displayRequestDuration: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    // Tokens stay in the memory of this page.
    persistAuthorization: false,
    // It would send the description to somebody else's server.
    validatorUrl: null,
    // The page has its own main part around all this.
    onComplete: () => document.getElementById('operations')?.setAttribute('role', 'group'),
  });
});
