using System.ServiceModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.Logging;

public class Startup
{
    public void Configure(WebApplication app)
    {
        // ruleid: developer-page-on
        app.UseDeveloperExceptionPage();
        // ruleid: developer-page-on
        app.UseMigrationsEndPoint();
        if (app.Environment.IsDevelopment())
        {
            // ok: developer-page-on
            app.UseDeveloperExceptionPage();
            // ok: identity-details-logged
            IdentityModelEventSource.ShowPII = true;
        }
        else
        {
            // ok: developer-page-on
            app.UseExceptionHandler("/error");
        }
        // ruleid: identity-details-logged
        IdentityModelEventSource.ShowPII = true;
    }

    public void Context(DbContextOptionsBuilder builder, bool debug)
    {
        // ruleid: identity-details-logged
        builder.UseSqlServer("name=shop").EnableSensitiveDataLogging();
        // ok: identity-details-logged
        builder.EnableSensitiveDataLogging(debug);
    }

    public void Hubs(HubOptions options, ServiceBehaviorAttribute behavior)
    {
        // ruleid: errors-shown-to-clients
        options.EnableDetailedErrors = true;
        // ruleid: errors-shown-to-clients
        behavior.IncludeExceptionDetailInFaults = true;
        // ok: errors-shown-to-clients
        options.EnableDetailedErrors = false;
        // ok: errors-shown-to-clients
        behavior.IncludeExceptionDetailInFaults = false;
    }
}
