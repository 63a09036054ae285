using System.Text.Json.Nodes;

namespace WeatherServer.Tools;

/// <summary>Made-up weather, always the same for the same city and day.</summary>
internal sealed record Weather(string City, int Celsius, string Sky)
{
    private static readonly string[] s_skies = ["sunny", "partly cloudy", "cloudy", "light rain", "thunderstorms", "snow showers"];

    public string Summary => $"{City}: {Sky}, {Celsius} °C";

    public static Weather In(string city, int day = 0)
    {
        var seed = city.Aggregate(day, (sum, letter) => ((sum * 31) + char.ToLowerInvariant(letter)) & 0xFFFF);
        var sky = s_skies[seed % s_skies.Length];
        var celsius = sky == "snow showers" ? -(seed % 8) : 5 + (seed % 25);
        return new Weather(city, celsius, sky);
    }

    public JsonObject ToJson() =>
        new()
        {
            ["city"] = City,
            ["celsius"] = Celsius,
            ["sky"] = Sky,
        };
}
