-- bench/fakeorg.lua: SOAP calls for wrk.  CALL=create makes 200 new Leads a call, CALL=find
-- looks 1,000 of them up by Email, among the first KNOWN.
local kind = os.getenv("CALL")
local known = tonumber(os.getenv("KNOWN") or "1")
local head = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" ' ..
    'xmlns:p="urn:partner.soap.sforce.com" xmlns:s="urn:sobject.partner.soap.sforce.com">' ..
    '<e:Header><p:SessionHeader><p:sessionId>' .. os.getenv("SESSION") ..
    '</p:sessionId></p:SessionHeader></e:Header><e:Body>'
local next_number = tonumber(os.getenv("FROM") or "0")
local path = "/services/Soap/u/64.0"
local headers = {["Content-Type"] = "text/xml; charset=UTF-8", ["SOAPAction"] = '""'}

local function create()
    local parts = {head, "<p:create>"}
    for _ = 1, 200 do
        local n = next_number
        next_number = next_number + 1
        parts[#parts + 1] = '<p:sObjects><s:type>Lead</s:type><s:FirstName>Peter</s:FirstName><s:LastName>Gibbons ' ..
            n .. '</s:LastName><s:Company>Initech</s:Company><s:Email>peter.' .. n ..
            '@initech.example</s:Email><s:Title>Engineer</s:Title><s:Phone>570-690-4150</s:Phone></p:sObjects>'
    end
    parts[#parts + 1] = "</p:create></e:Body></e:Envelope>"
    return table.concat(parts)
end

local function find()
    local values = {}
    for i = 1, 1000 do
        values[i] = "'peter." .. math.random(0, known - 1) .. "@initech.example'"
    end
    return head .. "<p:query><p:queryString>SELECT Id, Email, IsConverted FROM Lead WHERE Email IN (" ..
        table.concat(values, ",") .. ")</p:queryString></p:query></e:Body></e:Envelope>"
end

function request()
    return wrk.format("POST", path, headers, kind == "create" and create() or find())
end
